import { Controller, Inject } from '@nestjs/common'
import { Ctx, EventPattern, Payload, type KafkaContext } from '@nestjs/microservices'
import { Gate } from '../apply/gate.js'
import { benchTopic } from '../topic.js'
import { JudgingService } from './judging.service.js'

/** Nest's own Kafka transport hands over one message at a time; with `keepBinary` as bytes, otherwise it would parse and change them. */
@Controller()
export class StatementsController {
  constructor(
    @Inject(JudgingService) private readonly judging: JudgingService,
    @Inject(Gate) private readonly gate: Gate,
  ) {}

  @EventPattern(benchTopic)
  async received(@Payload() value: Buffer, @Ctx() context: unknown): Promise<void> {
    await this.gate.pass()
    const { key, offset } = (context as KafkaContext).getMessage() // Nest's decorator wants it unknown
    const verdict = await this.judging.apply(Buffer.from(String(key)), value, Number(offset)) // Nest makes a string of the key
    this.gate.done(1, verdict === 'accepted' ? 1 : 0, Number(offset) + 1)
  }
}
