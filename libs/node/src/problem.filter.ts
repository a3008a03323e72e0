import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { codeOf } from '#libs/exchange'
import type { Say } from './json-log.js'
import { methodsAt } from './operations.js'
import { isProblemCode, problem, problemKinds, ProblemError } from './problem.js'

/**
 * Everything that is thrown on the way to an answer becomes a problem (RFC 9457). What is not expected is logged once, with its stack, and says
 * nothing outside.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly say: Say) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    sendProblem(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), error, this.say)
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown, say: Say): void {
  const { problem: body, headers } = problemOf(error, request, say)
  if (reply.sent) return
  void reply.status(body.status).headers(headers).type('application/problem+json').send(JSON.stringify(body))
}

function problemOf(error: unknown, request: FastifyRequest, say: Say): ProblemError {
  if (error instanceof ProblemError) return error
  const code = codeOf(error)
  if (code !== undefined && isProblemCode(code) && problemKinds[code][0] === 503) return problem(code, 'the node is not able to answer now')
  const known = knownProblem(error, request)
  if (known) return known
  const path = request.routeOptions.url ?? 'none' // not the address as it was asked: that of a link is a secret
  say('error', error instanceof Error ? (error.stack ?? error.message) : String(error), { code: 'INTERNAL', method: request.method, path })
  return problem('INTERNAL', 'something went wrong here; it has been written down')
}

/** Nest's and fastify's own refusals. */
function knownProblem(error: unknown, request: FastifyRequest): ProblemError | undefined {
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error)
  if (status === 404) return noSuchRoute(request)
  if (status === 413) return problem('TOO_LARGE', `a body has at most ${bodyLimitBytes} bytes`)
  if (status === 415) return problem('MEDIA_TYPE', 'a body is application/json, in UTF-8, without content encoding')
  if (status !== undefined && status >= 400 && status < 500)
    return problem('BAD_REQUEST', error instanceof Error ? error.message : 'the request cannot be read')
  return undefined
}

export const bodyLimitBytes = 512 * 1024

function noSuchRoute(request: FastifyRequest): ProblemError {
  const methods = methodsAt(pathOf(request))
  if (methods.length === 0) return problem('NOT_FOUND', 'there is no such address here; /openapi.json lists them')
  return problem('METHOD_NOT_ALLOWED', `allowed here: ${methods.join(', ')}`, {}, { allow: methods.join(', ') })
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? ''
}

/** fastify gives its errors the status they are to be answered with. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}
