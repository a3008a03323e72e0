import { Inject, Injectable } from '@nestjs/common'
import { decodeProtectedHeader, compactVerify } from 'jose'
import { createHash, type KeyObject } from 'node:crypto'
import { DataSource, type EntityManager } from 'typeorm'
import { corridorSubject, emptySubject, evolveDossier, judge, keyOf, termsOf, type Inspection, type Judgement, type Register } from '#libs/consignment'
import type { Envelope } from '#libs/documents'
import { toldOf } from '#libs/exchange'
import { isPublicJwk, provesKey, publicKeyOf } from '#libs/signature'
import { ConsignmentRow, StatementRow } from './rows.js'

/** How rows are written: TypeORM's `save`, which looks before it writes, or `insert` and `upsert`, which do not. */
export type Writing = 'save' | 'upsert'

/** What this service is given besides the database. */
export const PLAIN_SETTINGS = Symbol('settings')
export interface PlainSettings {
  readonly corridor: string
  readonly register: Register
  readonly writing: Writing
}

/** One statement at a time: its signature, its schema and the rules, then the statement and the consignment's row in one transaction. */
@Injectable()
export class JudgingService {
  readonly #keys = new Map<string, KeyObject | undefined>()

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(PLAIN_SETTINGS) private readonly settings: PlainSettings,
  ) {}

  async apply(key: Buffer, value: Buffer, offset: number): Promise<Judgement['verdict']> {
    const inspection = await this.inspect(value.toString())
    if (!inspection.ok || !inspection.payload.ok) throw new Error('the bench writes whole statements only')
    const { eventId, kid } = inspection
    const envelope = inspection.payload.value as Envelope // judged below
    const { subject, issuer, type } = envelope
    return this.database.transaction(async (manager) => {
      const row = await manager.findOneBy(ConsignmentRow, { subject })
      const judgement = judge(key, inspection, offset, {
        corridor: this.settings.corridor, register: this.settings.register, subject: row?.state ?? emptySubject, isOnCurve: isPublicJwk, provesKey,
        consumedBy: () => undefined, accepted: () => undefined, // the bench's log has no replays and no corrections
      })
      const { verdict, code, effects } = judgement
      const dossier = verdict === 'accepted' && subject !== corridorSubject
        ? evolveDossier(row?.dossier ?? undefined, [toldOf(eventId, envelope, offset, effects)], judgement.subject.consignment) : row?.dossier
      const statement = { logOffset: offset, eventId, subject, kid, issuer, type, verdict, code, jws: value }
      const terms = dossier ? termsOf(dossier).map((term) => term.join(' ')) : []
      await this.write(manager, statement, { subject, state: judgement.subject, dossier: dossier ?? null, terms })
      return verdict
    })
  }

  private async inspect(jws: string): Promise<Inspection> {
    const { kid = '', typ = '' } = decodeProtectedHeader(jws)
    const publicKey = this.keyOf(kid)
    if (!publicKey) throw new Error(`no key ${kid}`)
    const { payload } = await compactVerify(jws, publicKey, { algorithms: ['ES256'] })
    const eventId = createHash('sha256').update(jws.slice(0, jws.lastIndexOf('.'))).digest('base64url')
    return { ok: true, kid, typ, eventId, signed: true, payload: { ok: true, value: JSON.parse(Buffer.from(payload).toString()) } }
  }

  private keyOf(kid: string): KeyObject | undefined {
    if (!this.#keys.has(kid)) this.#keys.set(kid, publicKeyOf(keyOf(this.settings.register, kid)?.jwk))
    return this.#keys.get(kid)
  }

  private async write(manager: EntityManager, statement: StatementRow, consignment: ConsignmentRow): Promise<void> {
    if (this.settings.writing === 'save') {
      await manager.save(StatementRow, statement)
      await manager.save(ConsignmentRow, consignment)
    } else {
      await manager.insert(StatementRow, statement)
      await manager.upsert(ConsignmentRow, consignment as never, ['subject']) // TypeORM's deep partial of a JSON column is beyond the compiler
    }
  }
}
