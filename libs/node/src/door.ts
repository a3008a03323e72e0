import type { FastifyRequest } from 'fastify'
import type { ReadToken } from './tokens.js'

/** Under this the door's settings are injected: an interface has no token of its own. */
export const doorToken = Symbol('door')

/** Who is let in at a node's HTTP port. */
export interface Door {
  readonly participant: string
  readonly url: string
  readonly oidcIssuer: string
  readonly requestsPerMinute: number
  readonly readToken: ReadToken
  /** Seconds to wait when this person, or this address, has asked too often. */
  tooMany(request: FastifyRequest, person: string | undefined): Promise<number | undefined>
  /** The same for an address that opens links. */
  tooManyLinks(request: FastifyRequest): Promise<number | undefined>
}
