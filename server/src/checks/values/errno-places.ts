import { type Action, action } from '../../catalog/index.ts';
import type { MemberView, ObjectView, Text, Uint } from '../../profile/model.ts';
import { effectiveMember } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';
import { reachedWhere } from './reach.ts';

/** An action together with the errno keys beside it: the default's, or those of a rule. */
export interface ErrnoPlace {
  readonly view: ObjectView;
  readonly action: Action;
  /** `errnoRet` or `defaultErrnoRet`. */
  readonly numberKey: string;
  readonly number: Uint | undefined;
  /** `errno` or `defaultErrno`. */
  readonly textKey: string;
  readonly text: Text | undefined;
  /** Where the runtime looks at it when it does not on the target, see {@link reachedWhere}. */
  readonly where: string | undefined;
}

/** The default action and those of the rules, as far as they exist, with what they say about the errno. */
export function errnoPlaces(context: CheckContext): readonly ErrnoPlace[] {
  const known = PLACES.get(context) ?? findPlaces(context);
  PLACES.set(context, known);
  return known;
}

/** Three checks ask, one after the other. */
const PLACES = new WeakMap<CheckContext, readonly ErrnoPlace[]>();

function findPlaces(context: CheckContext): readonly ErrnoPlace[] {
  const { profile, rules, outside } = context;
  const byDefault = profile?.defaultAction && action(profile.defaultAction.value);
  const own: ErrnoPlace[] =
    outside && byDefault
      ? [
          {
            view: profile.view,
            action: byDefault,
            numberKey: 'defaultErrnoRet',
            number: profile.defaultErrnoRet,
            textKey: 'defaultErrno',
            text: profile.defaultErrno,
            where: undefined,
          },
        ]
      : [];
  return [
    ...own,
    ...rules.flatMap((rule) => {
      const term = rule.action && action(rule.action.value);
      if (!term) return [];
      const { view, errnoRet: number, errno: text } = rule;
      return [
        {
          view,
          action: term,
          numberKey: 'errnoRet',
          number,
          textKey: 'errno',
          text,
          where: reachedWhere(context, rule),
        },
      ];
    }),
  ];
}

/** The member of a key that a place has. */
export function memberOf(place: ErrnoPlace, key: string): MemberView | undefined {
  return effectiveMember(place.view, key);
}
