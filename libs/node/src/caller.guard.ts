import { createParamDecorator, Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { doorToken, type Door } from './door.js'
import type { Scope } from './operations.js'
import { problem, ProblemError } from './problem.js'
import { requireScope, type Caller } from './tokens.js'

const needsKey = 'karvan:needs'
const callers = new WeakMap<FastifyRequest, Caller>()

/** What a route asks of its caller. A route that does not say is refused to everybody. */
export const Needs = (scope: Scope | 'nothing') => SetMetadata(needsKey, scope)

/** The person calling, as the guard has let them in. */
export const CalledBy = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>())
  if (!caller) throw new Error('this route lets in callers without a token')
  return caller
})

/** Who is calling, whether they may, and whether they do not call too often: counted by person, and by address where there is none. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(doorToken) private readonly door: Door,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needs = this.reflector.get<Scope | 'nothing' | undefined>(needsKey, context.getHandler())
    if (needs === undefined) throw new Error('a route must say what it needs')
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const caller = needs === 'nothing' ? undefined : await this.callerOf(request)
    await this.refuseTooMany(request, caller instanceof ProblemError ? undefined : caller)
    if (caller instanceof ProblemError) throw caller
    if (caller && needs !== 'nothing') {
      requireScope(caller, needs)
      callers.set(request, caller)
    }
    return true
  }

  /** A token that is not believed is a problem, but one that is counted first. */
  private async callerOf({ headers }: FastifyRequest): Promise<Caller | ProblemError> {
    try {
      return await this.door.readToken(headers.authorization, this.door.participant)
    } catch (error) {
      if (error instanceof ProblemError) return error
      throw error
    }
  }

  private async refuseTooMany(request: FastifyRequest, caller: Caller | undefined): Promise<void> {
    const waitSeconds = await this.door.tooMany(request, caller?.actor.pseudonym)
    if (waitSeconds !== undefined)
      throw problem('TOO_MANY_REQUESTS', `at most ${this.door.requestsPerMinute} requests a minute`, {}, { 'retry-after': String(waitSeconds) })
  }
}
