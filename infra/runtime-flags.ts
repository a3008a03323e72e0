/**
 * What the runtime of a node is started with. Statements make much that is soon of no use; with twice the usual room for what is new (`--max-semi-space-size`,
 * MiB, 16 unless told) the collector of garbage comes half as often and finds less of it still in use. Costs up to 32 MiB a process while it works.
 *
 * Of what is old, a process that mostly waits may add that room and a tenth to what was in use; V8 begins to mark all of it as soon as no more than the room is
 * left, so after every tenth, and each marking takes both cores for a tenth of a second. With a trigger, in percent of what may be added, it begins when
 * that much has been. Costs some 25 MiB a process.
 */
export const runtimeFlags: readonly string[] = ['--max-semi-space-size=32', '--incremental-marking-soft-trigger=80', '--incremental-marking-hard-trigger=95']
