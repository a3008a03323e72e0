import type { Profile } from '#libs/node'

export const profile: Profile = { role: 'rail', title: 'Railway', hosts: 'railway undertakings' }
