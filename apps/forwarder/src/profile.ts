import type { Profile } from '#libs/node'

export const profile: Profile = {
  role: 'forwarder',
  title: 'Forwarder',
  hosts: "forwarders, who start the journey, and the consignee's side, where it ends; the gateway of parties that do not read the log",
}
