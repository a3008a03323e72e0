import { Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { digestOf } from '#libs/documents'
import type { KeptLink } from '#libs/exchange'
import { CalledBy, Needs } from './caller.guard.js'
import { doorToken, type Door } from './door.js'
import { linkHeaders, linkPage, noLinkPage } from './link-page.js'
import { linkRequestOf } from './link-request.js'
import { linkViewOf, type LinkView } from './link-view.js'
import { NodeRuntime } from './node-runtime.js'
import { notFound, problem } from './problem.js'
import { queries, readQuery } from './query.js'
import { settled } from './settled.js'
import type { Caller } from './tokens.js'

/** 256 bits: nobody finds one by trying. */
const secretBytes = 32
const linksAConsignment = 100

/** Links by which somebody without an account looks at one consignment: made, listed and taken back by those who may, opened by whoever has one. */
@Controller()
export class LinksController {
  constructor(
    private readonly node: NodeRuntime,
    @Inject(doorToken) private readonly door: Door,
  ) {}

  @Post('v1/consignments/:id/links')
  @Needs('state')
  async make(@Param('id') id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @CalledBy() caller: Caller): Promise<object> {
    readQuery(queries.none, query)
    const { participant, clock, random } = this.node.parts
    const now = clock.now()
    const { expiresAt, label } = linkRequestOf(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), now)
    const { asking, links } = this.node.reading
    const { parties } = await settled(this.node, id, () => asking.consignment(id))
    if (!parties.includes(participant)) throw problem('NOT_A_PARTY', 'who sees a consignment only because it crosses their country does not pass it on')
    const living = (await links.linksOf(id)).filter((link) => link.revokedAt === null && link.expiresAt > now)
    if (living.length >= linksAConsignment) throw problem('TOO_MANY_LINKS', `a consignment has at most ${linksAConsignment} links at a time; revoke one`)
    const secret = Buffer.from(random(secretBytes)).toString('base64url')
    const link = { linkId: Buffer.from(random(16)).toString('base64url'), subject: id, label, madeBy: caller.actor.pseudonym, madeAt: now, expiresAt }
    await links.keepLink({ ...link, secretHash: digestOf(secret) })
    void reply.status(201).header('location', `/v1/consignments/${id}/links/${link.linkId}`)
    return { ...shown({ ...link, revokedBy: null, revokedAt: null, uses: 0, lastUsedAt: null }, now), url: `${this.door.url}/links/${secret}` }
  }

  @Get('v1/consignments/:id/links')
  @Needs('read')
  async list(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    const { asking, links } = this.node.reading
    await settled(this.node, id, () => asking.consignment(id))
    const now = this.node.parts.clock.now()
    return { items: (await links.linksOf(id)).map((link) => shown(link, now)) }
  }

  @Delete('v1/consignments/:id/links/:linkId')
  @Needs('state')
  @HttpCode(204)
  async revoke(@Param('id') id: string, @Param('linkId') linkId: string, @Query() query: unknown, @CalledBy() { actor }: Caller): Promise<void> {
    readQuery(queries.none, query)
    const { asking, links } = this.node.reading
    await settled(this.node, id, () => asking.consignment(id))
    if (!(await links.revokeLink({ subject: id, linkId }, actor.pseudonym, this.node.parts.clock.now()))) throw notFound()
  }

  /** Whatever is wrong with a link, the answer is the same. */
  @Get('links/:secret')
  @Needs('nothing')
  async open(@Param('secret') secret: string, @Headers('accept') accept: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object | string> {
    const waitSeconds = await this.door.tooManyLinks(request)
    if (waitSeconds !== undefined) throw problem('TOO_MANY_REQUESTS', 'too many links were opened from this address', {}, { ...linkHeaders, 'retry-after': String(waitSeconds) })
    const view = await this.viewBehind(secret)
    void reply.headers(linkHeaders)
    if (accept === undefined || !/\btext\/html\b/i.test(accept)) {
      if (view) return view
      throw problem('NOT_FOUND', 'there is nothing here: the link is not complete, has run out, or was taken back', {}, linkHeaders)
    }
    void reply.type('text/html; charset=utf-8').status(view ? 200 : 404)
    return view ? linkPage(view) : noLinkPage
  }

  private async viewBehind(secret: string): Promise<LinkView | undefined> {
    const { asking, links } = this.node.reading
    const now = this.node.parts.clock.now()
    const link = /^[A-Za-z0-9_-]{43}$/.test(secret) ? await links.useLink(digestOf(secret), now) : undefined
    const [dossier, register] = link ? await Promise.all([asking.consignment(link.subject), asking.register()]) : []
    return link && dossier && register && linkViewOf(dossier, register, { expiresAt: link.expiresAt, now })
  }
}

function shown({ linkId, label, madeBy, madeAt, expiresAt, revokedBy, revokedAt, uses, lastUsedAt }: KeptLink, now: number) {
  const at = (time: number) => new Date(time).toISOString()
  return {
    linkId,
    ...(label !== null && { label }),
    state: revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'open',
    madeBy,
    madeAt: at(madeAt),
    expiresAt: at(expiresAt),
    ...(revokedBy !== null && revokedAt !== null && { revokedBy, revokedAt: at(revokedAt) }),
    uses,
    ...(lastUsedAt !== null && { lastUsedAt: at(lastUsedAt) }),
  }
}
