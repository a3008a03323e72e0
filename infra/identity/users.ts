import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What a person may do at the node of their organisation: read its consignments, state in its name. */
export const scopes = ['read', 'state'] as const
export type Scope = (typeof scopes)[number]

/** A person of a demo corridor. `user` is what they sign in with; it never leaves the identity provider. */
export interface DemoUser {
  readonly user: string
  readonly organisation: string
  readonly scopes: readonly Scope[]
}

/** A user as the tokens know them. `subject` is the pseudonym under which the person's node signs (`actor`). */
export interface Person extends DemoUser {
  readonly subject: string
}

export interface Directory {
  /** The person with that name and password, or undefined: which of the two was wrong is not said. */
  signIn(user: string, password: string): Person | undefined
  bySubject(subject: string): Person | undefined
}

/** Who may sign in. Everything it knows is given: users of the corridor, passwords and the key of the pseudonyms of this installation. */
export function directoryOf(users: readonly DemoUser[], passwords: Readonly<Record<string, string>>, pseudonymKey: string): Directory {
  const people = users.map((user): Person => ({ ...user, subject: pseudonymOf(user.user, pseudonymKey) }))
  const byUser = new Map(people.map((person) => [person.user, person]))
  const bySubject = new Map(people.map((person) => [person.subject, person]))
  return {
    signIn: (user, password) => {
      const person = byUser.get(user)
      const expected = passwords[user]
      return person && expected !== undefined && sameText(password, expected) ? person : undefined
    },
    bySubject: (subject) => bySubject.get(subject),
  }
}

/** The audience of a participant's node: a token for one organisation is worth nothing at another. */
export function audienceOf(organisation: string): string {
  return `karvan:${organisation}`
}

/** Keyed, so that a statement's `actor` cannot be turned back into a user name by hashing a list of names. */
function pseudonymOf(user: string, pseudonymKey: string): string {
  return createHmac('sha256', Buffer.from(pseudonymKey, 'base64url')).update(user).digest().subarray(0, 16).toString('base64url')
}

/** Compares digests, because timingSafeEqual wants equal lengths and a length tells something, too. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
