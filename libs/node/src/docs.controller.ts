import { Controller, Get, Inject, Param, Res } from '@nestjs/common'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FastifyReply } from 'fastify'
import { Needs } from './caller.guard.js'
import { docsPage, docsPolicy, docsScript } from './docs-page.js'
import { doorToken, type Door } from './door.js'
import { notFound } from './problem.js'

/** The two files of Swagger UI that the page is made with; the package has others, and none of them is given away. */
const library: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const aDay = 86_400

/** The description of the API as a page for people; everything on it comes from this node. */
@Controller('docs')
export class DocsController {
  readonly #page: string

  constructor(@Inject(doorToken) { participant }: Door) {
    this.#page = docsPage(participant)
  }

  @Get()
  @Needs('nothing')
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('text/html; charset=utf-8').headers({ 'content-security-policy': docsPolicy, 'referrer-policy': 'no-referrer' })
    return this.#page
  }

  @Get('start.js')
  @Needs('nothing')
  script(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('text/javascript; charset=utf-8')
    return docsScript
  }

  @Get(':file')
  @Needs('nothing')
  async file(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const type = Object.hasOwn(library, file) ? library[file] : undefined
    if (type === undefined) throw notFound()
    void reply.type(type).header('cache-control', `max-age=${aDay}`)
    return readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`), 'utf8')
  }
}
