import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CalledBy, Needs } from './caller.guard.js'
import { FeedReader } from './feed-reader.js'
import { NodeRuntime } from './node-runtime.js'
import { problem } from './problem.js'
import { queries, readQuery } from './query.js'
import { settled } from './settled.js'
import type { Caller } from './tokens.js'

/** `connection: close`: where the stream ends, the connection does, and a node that stops has nothing to wait for. */
const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
  connection: 'close',
}

/** What happens, as it happens: server-sent events (WHATWG HTML, section 9.2) whose ids are offsets of the log. */
@Controller('v1')
export class StreamController {
  constructor(private readonly node: NodeRuntime) {}

  @Get('stream')
  @Needs('read')
  async stream(
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @CalledBy() { expiresAt }: Caller,
  ): Promise<void> {
    const { feed, parts } = this.node
    const { after: asked, consignment, place, means } = readQuery(queries.stream, query)
    const wanted = offsetIn(lastEventId) ?? (asked === undefined ? undefined : Number(asked))
    if (feed.isStopped) throw problem('STOPPED', 'the node is shutting down')
    if (feed.readers >= feed.limits.readers) throw problem('TOO_MANY_READERS', `at most ${feed.limits.readers} read along at one node`)
    const { asking } = this.node.reading
    if (consignment !== undefined) await settled(this.node, consignment, () => asking.consignment(consignment))
    const last = (await asking.next()) - 1
    if (wanted !== undefined && wanted > last) throw problem('CATCHING_UP', `this node has applied the log up to ${last} only`)
    const filter = { ...(consignment !== undefined && { subject: consignment }), ...(place !== undefined && { place }), ...(means !== undefined && { means }) }
    reply.hijack()
    reply.raw.writeHead(200, streamHeaders)
    if (request.method === 'HEAD') return void reply.raw.end()
    const reader = new FeedReader(feed, reply.raw, { after: wanted ?? last, expiresAt, filter })
    const outcome = await reader.run(parts.clock.now())
    parts.metrics.countReader(outcome)
  }
}

/** Clients that come back say where they were by this header, whatever address they first asked: so it goes before `after`. */
function offsetIn(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined
  if (!new RegExp(queries.stream.after.pattern).test(lastEventId)) throw problem('BAD_HEADER', `Last-Event-ID: ${queries.stream.after.expected}`)
  return Number(lastEventId)
}
