import type { Profile } from '#libs/node'

export const profile: Profile = { role: 'customs', title: 'Customs', hosts: 'customs authorities' }
