import { Controller, Post, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { routes, type RoutedType, type StatementBody } from '#libs/documents'
import type { SubmitResult } from '#libs/exchange'
import { pointerInBody } from './body-pointer.js'
import { CalledBy, Needs } from './caller.guard.js'
import { NodeRuntime } from './node-runtime.js'
import { routeOf } from './operations.js'
import { notFound, problem, refusedProblem } from './problem.js'
import { queries, readQuery } from './query.js'
import { statementRequestOf } from './statement-request.js'
import type { Caller } from './tokens.js'

const typeByRoute = new Map(Object.entries(routes).map(([type, path]) => [routeOf(path), type as RoutedType])) // keys of a literal

/** Every statement, by one way: what differs between them is in their schemas and rules. */
@Controller()
export class StatementsController {
  constructor(private readonly node: NodeRuntime) {}

  @Post([...typeByRoute.keys()])
  @Needs('state')
  async state(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @CalledBy() { actor }: Caller): Promise<object> {
    const type = typeByRoute.get(request.routeOptions.url ?? '')
    if (!type) throw new Error(`no statement is made at ${request.routeOptions.url}`)
    readQuery(queries.none, request.query)
    const { id } = request.params as { readonly id?: string } // as the router read the path
    const post = {
      type,
      subject: id,
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    }
    const asked = statementRequestOf(post, actor, this.node.parts.participant)
    return answer(type, asked.body as StatementBody<RoutedType>, await this.node.exchange.submit(asked), reply) // parsed as one
  }
}

function answer(type: RoutedType, body: StatementBody<RoutedType>, result: SubmitResult, reply: FastifyReply): object {
  switch (result.kind) {
    case 'accepted': {
      const { eventId, subject, offset, receipt } = result
      void reply.status(201).header('location', type === 'NoteIssued' ? `/v1/consignments/${subject}` : `/v1/consignments/${subject}/events/${eventId}`)
      return { eventId, subject, offset, receipt }
    }
    case 'pending': {
      const { eventId, subject } = result
      void reply.status(202).header('location', `/v1/submissions/${eventId}`)
      return { eventId, subject }
    }
    case 'refused':
      throw refusedProblem(result.code, result.refusal && { ...result.refusal, pointer: pointerInBody(type, body, result.refusal) }, result.eventId === undefined ? undefined : `/v1/submissions/${result.eventId}`)
    case 'conflict':
      throw problem('IDEMPOTENCY_CONFLICT', 'this Idempotency-Key came before with another method, path or body')
    case 'notFound':
      throw notFound()
    case 'unavailable':
      throw problem(result.code, 'the node signs nothing now')
  }
}
