import type { Profile } from '#libs/node'

export const profile: Profile = { role: 'sea', title: 'Shipping line', hosts: 'lines that carry over the Caspian and the Black Sea' }
