import type { Dossier, SubjectState } from '#libs/consignment'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** A statement as received, and what became of it. */
@Entity('statement')
export class StatementRow {
  @PrimaryColumn('bigint')
  logOffset!: number

  @Index()
  @Column('text')
  eventId!: string

  @Index()
  @Column('text')
  subject!: string

  @Column('text')
  kid!: string

  @Column('text')
  issuer!: string

  @Column('text')
  type!: string

  @Column('text')
  verdict!: string

  @Column('text', { nullable: true })
  code!: string | null

  @Column('bytea')
  jws!: Buffer
}

/** Present state of one subject: what the rules read, what people read, and what it can be found by. */
@Entity('consignment')
export class ConsignmentRow {
  @PrimaryColumn('text')
  subject!: string

  @Column('jsonb')
  state!: SubjectState

  @Column('jsonb', { nullable: true })
  dossier!: Dossier | null

  @Index('consignment_terms', { synchronize: false })
  @Column('text', { array: true })
  terms!: string[]
}
