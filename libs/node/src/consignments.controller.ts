import { Controller, Get, Header, Param, Query } from '@nestjs/common'
import { Needs } from './caller.guard.js'
import { NodeRuntime } from './node-runtime.js'
import { isSubject } from './new-subject.js'
import { notFound, problem } from './problem.js'
import { cursorFrom, cursorTo, limitOf, queries, readQuery, termsAsked } from './query.js'
import { detailOf, entryView, offersTo, summaryOf } from './views.js'

/** How long a reader waits for the node to apply what the log had when they asked, before nothing is said to be there. */
const settleMs = 3_000

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
    return detailOf(await this.settled(id, () => this.node.reading.asking.consignment(id)))
  }

  @Get('consignments/:id/events')
  @Needs('read')
  async events(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    const asked = readQuery(queries.events, query)
    const limit = limitOf(asked)
    const entries = await this.settled(id, () => this.node.reading.asking.events(id, Number(asked.after ?? -1), limit + 1))
    const last = entries.length > limit ? entries[limit - 1] : undefined
    return { items: entries.slice(0, limit).map(entryView), ...(last && { next: String(last.offset) }) }
  }

  @Get('consignments/:id/events/:eventId')
  @Needs('read')
  @Header('content-type', 'application/jose')
  async event(@Param('id') id: string, @Param('eventId') eventId: string, @Query() query: unknown): Promise<Buffer> {
    readQuery(queries.none, query)
    const { value } = await this.settled(id, () => this.node.reading.asking.event(id, eventId))
    if (value === null) throw notFound()
    return value
  }

  @Get('consignments/:id/particulars')
  @Needs('read')
  async particulars(@Param('id') id: string, @Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    const blocks = await this.settled(id, () => this.node.reading.asking.particulars(id))
    return { blocks, missing: blocks.filter(({ content }) => content === undefined).map(({ digest }) => digest) }
  }

  /** Unknown and no party to it are the same answer, and a final one only when the node is up to date. */
  private async settled<T>(id: string, read: () => Promise<T | undefined>): Promise<T> {
    if (!isSubject(id)) throw notFound()
    const outcome = await this.node.exchange.settled(read, settleMs)
    if (outcome === 'behind') throw problem('CATCHING_UP', 'it is not here, and this node has not applied all of the log yet')
    if (outcome === 'notFound') throw notFound()
    return outcome.found
  }
}

/** One more row than the page has was asked for: it tells whether there is a next one. */
function pageOf(items: readonly object[], found: readonly { readonly opened: number }[], limit: number): object {
  const last = found.length > limit ? found[limit - 1] : undefined
  return { items, ...(last && { next: cursorTo(last.opened) }) }
}
