/**
 * The part of the OCI runtime specification that describes seccomp as a JSON schema, made from the product's own table of
 * keys. `names` fills the list that syscalls are chosen from; without it any text is a syscall, as in the specification.
 */
export function ociSchema(product, names) {
  const words = {
    action: product.actions(),
    architecture: product.architectures(),
    flag: product.flags(),
    operator: product.operators(),
  };
  const text = (domain) => {
    const values = domain === 'syscall' ? names : words[domain]?.map(({ name }) => name);
    return { type: 'string', ...(values && { enum: values }) };
  };
  const value = ({ kind, domain, of }) =>
    ({
      string: () => text(domain),
      uint: () => ({ type: 'integer', minimum: 0 }),
      strings: () => ({ type: 'array', items: text(domain) }),
      object: () => object(of),
      objects: () => ({ type: 'array', items: object(of) }),
    })[kind]();
  const object = (kind) => {
    const keys = product.SCHEMA[kind].filter(({ readers }) => readers.includes('oci'));
    return {
      type: 'object',
      properties: Object.fromEntries(keys.map(({ key, type }) => [key, value(type)])),
      required: keys.filter(({ required }) => required).map(({ key }) => key),
    };
  };
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...object('profile') };
}
