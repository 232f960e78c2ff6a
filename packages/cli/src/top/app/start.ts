import type { ColourDepth } from '../../terminal/terminal.ts';
import { SORT_ALIASES, SORT_CHOICES } from '../declaration.ts';
import { checkFilter } from '../process/process-rows.ts';
import type { TopSettings } from '../settings.ts';
import type { TopState } from '../state.ts';
import { defaultTheme, THEME_NAMES } from '../theme/open-theme.ts';
import { HecateError, nearestNames } from '@hecate/host';
import { beginsDescending } from './reduce-dialog.ts';

/** What the command line says of the first screen; it comes before config.toml. */
export interface StartOptions {
  /** One of SORT_CHOICES or SORT_ALIASES. */
  readonly sort?: string;
  readonly filter?: string;
  readonly tree?: boolean;
  readonly theme?: string;
}

/** Where names of the configuration stand. */
const PLACE = 'config.toml, [top]';

/** The state that the screen begins with. Throws INVALID for a theme, a column or a filter that is none. */
export function startState(options: StartOptions, settings: TopSettings, depth: ColourDepth): TopState {
  const filter = options.filter ?? settings.filter;
  checkFilter(filter);
  const sortName = options.sort ?? settings.sort;
  const sort = Object.hasOwn(SORT_ALIASES, sortName)
    ? SORT_ALIASES[sortName]!
    : checkName(sortName, SORT_CHOICES, 'column to sort by', options.sort === undefined ? `${PLACE}: ` : '');
  const theme = options.theme ?? settings.theme ?? defaultTheme(depth);
  checkName(theme, THEME_NAMES, 'theme', options.theme === undefined ? `${PLACE}: ` : '');
  return {
    boxes: new Set(settings.boxes),
    expanded: null,
    sort,
    descending: beginsDescending(sort) !== settings.reverse,
    filter,
    editingFilter: false,
    tree: options.tree ?? settings.tree,
    folded: new Set(),
    showKernel: settings.kernelThreads,
    selected: null,
    follow: false,
    scroll: 0,
    detail: null,
    detailScroll: 0,
    cpuOfMachine: settings.cpuOfMachine,
    frozen: false,
    moment: null,
    span: settings.span,
    theme,
    dialog: null,
    message: null,
  };
}

/** One of the names, or INVALID with the nearest one. */
function checkName<Name extends string>(name: string, known: readonly Name[], what: string, place: string): Name {
  const found = known.find((one) => one === name);
  if (found !== undefined) return found;
  const [near] = nearestNames(name, known);
  const guess = near === undefined ? '' : `Did you mean ${near}? `;
  throw new HecateError('INVALID', `${place}There is no ${what} ${JSON.stringify(name)}.`, {
    hint: `${guess}Choose from ${known.join(', ')}.`,
  });
}
