/** Why there is no audit at all, in a sentence for whoever asked for it; shown without a stack. */
export class CannotAudit extends Error {
  override name = "CannotAudit";
}
