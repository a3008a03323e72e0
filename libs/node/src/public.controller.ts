import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { requestHeader } from '#libs/exchange'
import { Needs } from './caller.guard.js'
import { doorToken, type Door } from './door.js'
import { NodeRuntime } from './node-runtime.js'
import { isSubject } from './new-subject.js'
import { openApi } from './openapi.js'
import { notFound, problem } from './problem.js'
import { queries, readQuery } from './query.js'
import { waitMsOf } from './statement-request.js'
import { WaitingPlaces } from './waiting-places.js'

const leavesAPage = 1_000
/** At a replica that stands by each has the database asked again and again. */
const mostWaiting = { applying: { inAll: 200, fromOne: 100 }, standingBy: { inAll: 10, fromOne: 5 } } as const

/** What anybody may ask: how the node is, what it signs with, and what it has judged. Other nodes ask here, too. */
@Controller()
export class PublicController {
  readonly #description: string
  readonly #places = new WaitingPlaces()

  constructor(
    private readonly node: NodeRuntime,
    @Inject(doorToken) door: Door,
  ) {
    this.#description = JSON.stringify(openApi(door))
  }

  @Get('health/live')
  @Needs('nothing')
  live(): object {
    return { live: true }
  }

  @Get('health/ready')
  @Needs('nothing')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const health = await this.node.status()
    void reply.status(health.ready ? 200 : 503)
    return health
  }

  @Get('v1/checkpoint')
  @Needs('nothing')
  async checkpoint(
    @Query() query: unknown,
    @Headers('prefer') prefer: string | undefined,
    @Req() { ip }: FastifyRequest,
    @Res({ passthrough: true }) { raw }: FastifyReply,
  ): Promise<object> {
    const { size, covers } = readQuery(queries.checkpoint, query)
    if (size !== undefined && covers !== undefined) throw problem('BAD_PARAMETER', 'covers: not beside size, which names one tree already', { facts: { parameter: 'covers' } })
    const { asking } = this.node.reading
    const gone = new AbortController()
    if (raw.destroyed) gone.abort()
    raw.once('close', () => {
      if (!raw.writableFinished) gone.abort() // an answered question is closed, too
    })
    const checkpoint = await (covers === undefined
      ? asking.checkpoint(size === undefined ? undefined : Number(size))
      : this.covering(Number(covers), { waitMs: waitMsOf({ prefer }), address: ip, gone: gone.signal }))
    if (checkpoint === undefined) throw problem('NOT_FOUND', 'this node has not applied so many records')
    return { checkpoint }
  }

  /** @param asked how long who asks from where will wait, unless it goes away */
  private async covering(offset: number, asked: { readonly waitMs: number; readonly address: string; readonly gone: AbortSignal }): Promise<string | undefined> {
    const leave = this.#places.take(asked.address, this.node.exchange.isApplying ? mostWaiting.applying : mostWaiting.standingBy)
    try {
      const found = await this.node.reading.asking.checkpointCovering(offset, asked.waitMs, asked.gone)
      if (found !== undefined || asked.gone.aborted) return found
      return await this.node.reading.asking.checkpointCovering(offset, 0) // meanwhile it may be rebuilt, or another replica have applied it
    } finally {
      leave()
    }
  }

  @Get('v1/leaves')
  @Needs('nothing')
  async leaves(@Query() query: unknown): Promise<object> {
    const { from, to } = readQuery(queries.leaves, query)
    const range = [Number(from ?? Number.NaN), Number(to ?? Number.NaN)] as const
    if (!(range[0] < range[1] && range[1] - range[0] <= leavesAPage)) throw problem('BAD_PARAMETER', `from and to: at most ${leavesAPage} leaves, one at least`)
    const leaves = await this.node.reading.asking.leaves(...range)
    return { leaves: leaves.map((leaf) => leaf.toString('base64url')) }
  }

  /** Asked by another node, which signs its request; the answer is encrypted for that node, so asking again with the same request gains nobody anything. */
  @Get('v1/consignments/:id/blocks/:digest')
  @Needs('nothing')
  async block(
    @Param('id') id: string,
    @Param('digest') digest: string,
    @Headers(requestHeader) request: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const isAsked = isSubject(id) && /^[A-Za-z0-9_-]{43}$/.test(digest) && request !== undefined
    const jwe = isAsked ? await this.node.exchange.peers.answerBlockRequest(id, digest, request) : undefined
    if (jwe === undefined) throw notFound()
    void reply.type('application/json')
    return jwe
  }

  @Get('.well-known/jwks.json')
  @Needs('nothing')
  keys(): object {
    const { keys } = this.node.parts
    return { keys: [{ ...keys.signatureJwk, kid: keys.signature().kid, alg: 'ES256', use: 'sig' }] }
  }

  @Get('openapi.json')
  @Needs('nothing')
  description(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json')
    return this.#description
  }
}
