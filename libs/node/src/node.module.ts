import { Module, type DynamicModule } from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { ApplyController } from './apply.controller.js'
import { CallsController } from './calls.controller.js'
import { CallerGuard } from './caller.guard.js'
import { ConsignmentsController } from './consignments.controller.js'
import { DocsController } from './docs.controller.js'
import { doorToken, type Door } from './door.js'
import type { Say } from './json-log.js'
import { LinksController } from './links.controller.js'
import { NodeRuntime } from './node-runtime.js'
import { ProblemFilter } from './problem.filter.js'
import { PublicController } from './public.controller.js'
import { RegisterController } from './register.controller.js'
import { StatementsController } from './statements.controller.js'
import { StreamController } from './stream.controller.js'
import { WorklistsController } from './worklists.controller.js'

/** One node as a Nest application: each node of a process is one of its own. */
@Module({})
export class NodeModule {
  static for(runtime: NodeRuntime, door: Door, say: Say): DynamicModule {
    return {
      module: NodeModule,
      controllers: [
        StatementsController, CallsController, ConsignmentsController, StreamController, LinksController, WorklistsController, RegisterController, PublicController,
        DocsController, ApplyController,
      ],
      providers: [
        { provide: NodeRuntime, useValue: runtime },
        { provide: doorToken, useValue: door },
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_FILTER, useValue: new ProblemFilter(say) },
      ],
    }
  }
}
