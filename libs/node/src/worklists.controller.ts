import { Controller, Get, Query } from '@nestjs/common'
import { Needs } from './caller.guard.js'
import { NodeRuntime } from './node-runtime.js'
import { pageOf } from './page.js'
import { cursorFrom, limitOf, queries, readQuery, timeOf } from './query.js'
import { expectedOf, todoOf } from './worklists.js'

/** Work by ship and train: lists over many consignments, each page one search by terms. */
@Controller('v1')
export class WorklistsController {
  constructor(private readonly node: NodeRuntime) {}

  @Get('todo')
  @Needs('read')
  async todo(@Query() query: unknown): Promise<object> {
    const asked = readQuery(queries.todo, query)
    const limit = limitOf(asked)
    const { participant } = this.node.parts
    const found = await this.node.reading.asking.search({ mustAct: [participant] }, cursorFrom(asked.after), limit + 1)
    return pageOf(todoOf(participant, found.slice(0, limit)), found, limit)
  }

  @Get('expected')
  @Needs('read')
  async expected(@Query() query: unknown): Promise<object> {
    const { place = '', means, from, to, ...page } = readQuery(queries.expected, query)
    const limit = limitOf(page)
    const asked = { place, ...(means !== undefined && { means }), ...timeOf('from', from), ...timeOf('to', to) }
    const found = await this.node.reading.asking.search({ towards: [place], ...(means !== undefined && { means: [means] }) }, cursorFrom(page.after), limit + 1)
    return pageOf(expectedOf(asked, found.slice(0, limit)), found, limit)
  }
}
