import { Controller, Get, Header, Param, Query } from '@nestjs/common'
import { Needs } from './caller.guard.js'
import { NodeRuntime } from './node-runtime.js'
import { pageOf } from './page.js'
import { notFound } from './problem.js'
import { cursorFrom, limitOf, queries, readQuery, termsAsked } from './query.js'
import { settled } from './settled.js'
import { detailOf, entryView, offersTo, summaryOf } from './views.js'

/** What this participant may see of consignments, from its own store. */
@Controller('v1')
export class ConsignmentsController {
  constructor(private readonly node: NodeRuntime) {}

  @Get('consignments')
  @Needs('read')
  async search(@Query() query: unknown): Promise<object> {
    const asked = readQuery(queries.consignments, query)
    const limit = limitOf(asked)
    const found = await this.node.reading.asking.search(termsAsked(asked), cursorFrom(asked.after), limit + 1)
    return pageOf(found.slice(0, limit).map(summaryOf), found, limit)
  }

  @Get('handoffs')
  @Needs('read')
  async handoffs(@Query() query: unknown): Promise<object> {
    const asked = readQuery(queries.handoffs, query)
    const limit = limitOf(asked)
    const { participant } = this.node.parts
    const found = await this.node.reading.asking.search({ awaiting: [participant] }, cursorFrom(asked.after), limit + 1)
    return pageOf(offersTo(participant, found.slice(0, limit)), found, limit)
  }

  @Get('consignments/:id')
  @Needs('read')
  async one(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    return detailOf(await settled(this.node, id, () => this.node.reading.asking.consignment(id)))
  }

  @Get('consignments/:id/events')
  @Needs('read')
  async events(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    const asked = readQuery(queries.events, query)
    const limit = limitOf(asked)
    const entries = await settled(this.node, id, () => this.node.reading.asking.events(id, Number(asked.after ?? -1), limit + 1))
    const last = entries.length > limit ? entries[limit - 1] : undefined
    return { items: entries.slice(0, limit).map(entryView), ...(last && { next: String(last.offset) }) }
  }

  @Get('consignments/:id/events/:eventId')
  @Needs('read')
  @Header('content-type', 'application/jose')
  async event(@Param('id') id: string, @Param('eventId') eventId: string, @Query() query: unknown): Promise<Buffer> {
    readQuery(queries.none, query)
    const { value } = await settled(this.node, id, () => this.node.reading.asking.event(id, eventId))
    if (value === null) throw notFound()
    return value
  }

  @Get('consignments/:id/particulars')
  @Needs('read')
  async particulars(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    const blocks = await settled(this.node, id, () => this.node.reading.asking.particulars(id))
    return { blocks, missing: blocks.filter(({ content }) => content === undefined).map(({ digest }) => digest) }
  }
}
