/** Something that a text makes the server do wrong. */
export class Defect extends Error {
  override readonly name = 'Defect';
}
