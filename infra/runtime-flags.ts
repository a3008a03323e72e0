/**
 * What the runtime of a node is started with. Statements make much that is soon of no use; with twice the usual room for what is new (`--max-semi-space-size`,
 * MiB, 16 unless told) the collector of garbage comes half as often and finds less of it still in use. Costs up to 32 MiB a process while it works.
 *
 * All of the heap is marked when it has grown by so many percent (`--heap-growing-percent`). Unless told, V8 lets a process that mostly waits add a tenth, which
 * is a marking every few seconds, and by as many threads as it has, which takes the processors from all others for a tenth of a second or two; so it is one
 * beside the process's own. Costs up to one and a half times what is in use: some 100 MiB where 68 are.
 */
export const runtimeFlags: readonly string[] = ['--max-semi-space-size=32', '--heap-growing-percent=150', '--concurrent-marking-max-worker-num=1']
