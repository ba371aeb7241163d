/** The first words of a complaint, as text of one line, for the record: where in which file something was thrown is left out. */
export function shortened(complaint: string): string {
  const words = complaint.replaceAll(/\n\s+at .*/g, '').replaceAll(/(?:file|node):\S+/g, '…')
  return words.replaceAll(/\s+/g, ' ').slice(0, 120).toWellFormed()
}
