import { Catch, Controller, UseFilters, type RpcExceptionFilter } from '@nestjs/common'
import { EventPattern, Payload } from '@nestjs/microservices'
import { throwError, type Observable } from 'rxjs'
import { batchPattern, type LogDelivery } from '#libs/log-kafka'

/** Nest would put a text of its own in place of the error, whose code decides whether the batch comes again. */
@Catch()
class AsThrown implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}

/** The log's one message: a whole batch, raw, for the node that follows. */
@Controller()
@UseFilters(AsThrown)
export class ApplyController {
  @EventPattern(batchPattern)
  async apply(@Payload() { batch, reader }: LogDelivery): Promise<void> {
    await reader.onBatch(batch)
  }
}
