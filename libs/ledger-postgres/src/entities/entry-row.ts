import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A judged record, for reading; written by SQL in batches (`write-batch.ts`) and never changed. */
@Entity('entry')
export class EntryRow {
  @PrimaryColumn('bigint', { name: 'log_offset' })
  readonly offset!: number

  @Column('bytea', { nullable: true })
  readonly key!: Buffer | null

  @Column('bytea', { nullable: true })
  readonly value!: Buffer | null

  @Column('bigint', { name: 'append_time' })
  readonly appendTime!: number

  @Column('text')
  readonly verdict!: 'accepted' | 'refused' | 'duplicate'

  @Column('text', { nullable: true })
  readonly code!: string | null

  @Column('bytea')
  readonly leaf!: Buffer

  @Column('text')
  readonly effects!: string

  @Column('text', { name: 'event_id', nullable: true })
  readonly eventId!: string | null

  @Column('text', { nullable: true })
  readonly kid!: string | null

  @Column('text', { nullable: true })
  readonly issuer!: string | null

  @Column('text', { nullable: true })
  readonly subject!: string | null

  @Column('text', { nullable: true })
  readonly type!: string | null

  @Column('text', { name: 'occurred_at', nullable: true })
  readonly occurredAt!: string | null

  @Column('bigint', { name: 'consumed_sequence', nullable: true })
  readonly consumedSequence!: number | null
}
