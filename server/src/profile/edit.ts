import { editItem, editText, type Item, itemAt, type TextChange } from '../syntax/edit.ts';
import type { Node } from '../syntax/tree.ts';
import { isProfileReadAlike, ruleFrom } from './build.ts';
import { type ObjectView, type Profile, type ProfileDocument, type Rule, type Text, viewsIn } from './model.ts';

/** What becomes of a document by a change inside of one rule. */
export interface EditedProfile {
  readonly document: ProfileDocument;
  /** The rule as it was, to compare what it said; its offsets may be wrong now. */
  readonly before: Rule;
  /** The same object as `before` where nothing but one of its names changed. */
  readonly after: Rule;
  /** That name. */
  readonly name?: { readonly before: Text; readonly after: Text };
}

/** Documents whose nodes belong to the next version; held weakly. */
const TAKEN_OVER = new WeakSet<ProfileDocument>();

/** Whether the document was given to `editProfile` and became another one: its offsets are not those of its text any more. */
export function isTakenOver(document: ProfileDocument): boolean {
  return TAKEN_OVER.has(document);
}

/**
 * The document of a text that came about by a change inside of one rule, at the cost of that rule and of moving what is
 * behind it. Equal to `parseProfile(text)`, but it takes over `document`, which must not be used any more: every rule,
 * view and node outside of the changed rule stays the same object.
 *
 * Undefined where the change is not inside of one rule, or could change how the text around the rule is read: then nothing
 * was touched, and the text is to be parsed anew. `text` must differ from the old one by the change alone; another length is
 * noticed.
 */
export function editProfile(document: ProfileDocument, text: string, change: TextChange): EditedProfile | undefined {
  const { profile } = document;
  const length = document.text.length - (change.end - change.start) + change.length;
  if (!profile || isTakenOver(document) || text.length !== length) return undefined;
  const item = itemAt(document.tree, change.start);
  const before = item && document.ruleOf.get(item.node);
  if (!before) return undefined;
  const named = editName(document, item, before, text, change);
  if (named) return named;
  const edited = editItem(document.tree, item, text, change);
  if (!edited) return undefined;
  TAKEN_OVER.add(document);
  const after = ruleFrom(edited.node, before.position);
  return { document: documentWith({ ...document, text, tree: edited.tree }, profile, before, after), before, after };
}

/** A rule can have hundreds of names: to exchange one of them leaves the rule the same object. */
function editName(
  document: ProfileDocument,
  item: Item,
  rule: Rule,
  text: string,
  change: TextChange,
): EditedProfile | undefined {
  const old = item.path.at(-1);
  const index = rule.names.findIndex(({ node }) => node === old);
  const edited = index < 0 ? undefined : editText(document.tree, item, text, change);
  if (!edited) return undefined;
  TAKEN_OVER.add(document);
  const before = rule.names[index]!;
  const after = { value: edited.node.value, node: edited.node };
  (rule.names as Text[])[index] = after;
  const edits = { before: rule, after: rule, name: { before, after } };
  const { profile } = document;
  // where programs read it in ways of their own, what they read is kept for the object
  const own = profile?.isReadAlike === false ? { profile: { ...profile } } : {};
  return { document: { ...document, ...own, text, tree: edited.tree }, ...edits };
}

function documentWith(document: ProfileDocument, profile: Profile, before: Rule, after: Rule): ProfileDocument {
  const rules = profile.rules.with(before.position, after);
  // the maps are taken over too: to copy them would cost more than all the rest
  const viewOf = document.viewOf as Map<Node, ObjectView>;
  const ruleOf = document.ruleOf as Map<Node, Rule>;
  const [gone, come] = [viewsIn(before), viewsIn(after)];
  for (const { node } of gone) viewOf.delete(node);
  for (const view of come) viewOf.set(view.node, view);
  ruleOf.delete(before.view.node);
  ruleOf.set(after.view.node, after);
  const views = document.views.toSpliced(document.views.indexOf(before.view), gone.length, ...come);
  // the rule alone tells, unless others were not read alike before
  const isReadAlike = before.isReadAlike
    ? profile.isReadAlike && after.isReadAlike
    : isProfileReadAlike({ ...profile, rules });
  return { ...document, profile: { ...profile, rules, isReadAlike }, rules, views };
}
