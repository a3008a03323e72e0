import { Controller, Get, Param, Query } from '@nestjs/common'
import type { Register } from '#libs/consignment'
import { Needs } from './caller.guard.js'
import { NodeRuntime } from './node-runtime.js'
import { notFound, problem } from './problem.js'
import { queries, readQuery } from './query.js'
import { participantsIn, placesIn } from './views.js'

/** The register as the log tells it, and what became of this node's own statements. */
@Controller('v1')
export class RegisterController {
  constructor(private readonly node: NodeRuntime) {}

  @Get('participants')
  @Needs('read')
  async participants(@Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    return { items: participantsIn(await this.register()) }
  }

  @Get('places')
  @Needs('read')
  async places(@Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    return { items: placesIn(await this.register()) }
  }

  @Get('submissions/:eventId')
  @Needs('read')
  async submission(@Param('eventId') eventId: string, @Query() query: unknown): Promise<object> {
    readQuery(queries.none, query)
    const submission = await this.node.exchange.asking.submission(eventId)
    if (!submission) throw notFound()
    const receipt = submission.state === 'decided' ? await this.node.exchange.asking.receipt(eventId) : undefined
    return { ...submission, ...(receipt !== undefined && { receipt }) }
  }

  private async register(): Promise<Register> {
    const register = await this.node.reading.asking.register()
    if (!register) throw problem('NOT_FOUNDED', 'the log does not have the founding statement yet')
    return register
  }
}
