import type { Role } from '#libs/consignment'

/** Roles that have nodes; the authority has none: it is a person with a command. */
export type NodeRole = Exclude<Role, 'authority'>

/** What an app says about itself. What a role may state is a row of the role table, not of this. */
export interface Profile {
  readonly role: NodeRole
  readonly title: string
  /** Whose nodes run in this process. */
  readonly hosts: string
}
