import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callRoutes, type CallKind } from '#libs/documents'
import type { CallFault } from '#libs/exchange'
import { CalledBy, Needs } from './caller.guard.js'
import { callRequestOf, type ReadCall } from './call-request.js'
import { addressOf, callView, isOfList, proposalView } from './call-view.js'
import { isSubject } from './new-subject.js'
import { NodeRuntime } from './node-runtime.js'
import { notFound, problem, type ProblemError } from './problem.js'
import { queries, readQuery } from './query.js'
import type { Caller } from './tokens.js'

const kindByRoute = new Map(Object.entries(callRoutes).map(([kind, path]) => [path as string, kind as CallKind])) // keys of a literal

/** Work by ship and train: one call for many consignments, each with a verdict of its own. */
@Controller()
export class CallsController {
  constructor(private readonly node: NodeRuntime) {}

  @Post([...kindByRoute.keys()])
  @Needs('state')
  async make(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @CalledBy() { actor }: Caller): Promise<object> {
    const kind = kindByRoute.get(request.routeOptions.url ?? '')
    if (!kind) throw new Error(`no call is made at ${request.routeOptions.url}`)
    const { method, url: path, headers, query } = request
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const read = callRequestOf({ kind, method, path, headers, query, body }, actor, this.node.parts.participant)
    const result = await this.node.reading.calls.make(read.request)
    switch (result.kind) {
      case 'made': {
        const shown = callView(result.call)
        const isDecided = shown.counts.open + shown.counts.pending === 0
        void reply.status(isDecided ? 201 : 202).header('location', addressOf(result.call))
        return shown
      }
      case 'conflict':
        throw problem('IDEMPOTENCY_CONFLICT', 'this Idempotency-Key came before with another method, path or body')
      case 'fault':
        throw faultProblem(result.fault, read)
      case 'unavailable':
        throw problem(result.code, 'the node signs nothing now')
    }
  }

  @Get('v1/transfer-lists/proposal')
  @Needs('read')
  async proposal(@Query() query: unknown): Promise<object> {
    const { means = '', place = '' } = readQuery(queries.proposal, query) // both are required
    const parts = await this.node.reading.proposeList(place, means)
    if ('fault' in parts) throw problem(parts.fault.code, parts.fault.detail)
    return proposalView(means, place, parts)
  }

  @Get('v1/transfer-lists/:id')
  @Needs('read')
  list(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    return this.shown(id, query, isOfList)
  }

  @Get('v1/calls/:id')
  @Needs('read')
  one(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    return this.shown(id, query, () => true)
  }

  private async shown(id: string, query: unknown, isAsked: (kind: CallKind) => boolean): Promise<object> {
    readQuery(queries.none, query)
    const call = isSubject(id) ? await this.node.reading.calls.show(id) : undefined
    if (!call || !isAsked(call.kind)) throw notFound()
    return callView(call)
  }
}

function faultProblem({ code, detail, errors = [] }: CallFault, { tell }: ReadCall): ProblemError {
  const told = tell(errors)
  const [first] = told
  const where = first?.pointer.startsWith('/rows/') ? `${first.message}, found ${first.found}` : detail
  return problem(code, where, { ...(told.length > 0 && { errors: told.slice(0, 50) }), ...(first && { pointer: first.pointer }) })
}
