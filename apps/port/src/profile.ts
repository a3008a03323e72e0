import type { Profile } from '#libs/node'

export const profile: Profile = { role: 'port', title: 'Port', hosts: 'ports and their terminals' }
