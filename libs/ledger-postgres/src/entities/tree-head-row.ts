import { Column, Entity, PrimaryColumn } from 'typeorm'

@Entity('tree_head')
export class TreeHeadRow {
  @PrimaryColumn('bigint')
  readonly size!: number

  @Column('text')
  readonly root!: string

  @Column('text')
  readonly frontier!: string
}
