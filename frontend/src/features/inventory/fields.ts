// What the filter of endpoints knows beside the language itself.
import { api, type go } from '../../api';
import { t } from '../../i18n';
import type { Ask } from '../traffic/useSuggest';

/** A count at the head of the screen, and the filter that selects what it counts. */
interface ChipOf {
  id: string;
  query: string;
  label(): string;
  help(): string;
  n(overview: go.OverviewOut): number;
}

export const chips: ChipOf[] = [
  {
    id: 'new',
    query: 'new:yes',
    label: () => t('inventory.chips.new'),
    help: () => t('inventory.chips.newHelp'),
    n: (overview) => overview.new,
  },
  {
    id: 'ai',
    query: 'kind!=plain -documented:unseen',
    label: () => t('inventory.chips.ai'),
    help: () => t('inventory.chips.aiHelp'),
    n: (overview) => overview.ai,
  },
  {
    id: 'shadow',
    query: 'documented:shadow',
    label: () => t('inventory.chips.shadow'),
    help: () => t('inventory.chips.shadowHelp'),
    n: (overview) => overview.shadow,
  },
  {
    id: 'unseen',
    query: 'documented:unseen',
    label: () => t('inventory.chips.unseen'),
    help: () => t('inventory.chips.unseenHelp'),
    n: (overview) => overview.unseen,
  },
  {
    id: 'risky',
    query: 'risk>=50',
    label: () => t('inventory.chips.risky'),
    help: () => t('inventory.chips.riskyHelp'),
    n: (overview) => overview.risky,
  },
];

// Fields of the language that say something about endpoints (app/inventory_query.go); others are about one exchange.
const own = new Set(
  'text host path url method scheme wire mime client kind provider family model tool access documented auth sensitive status stream endpoint risk count first last new'.split(
    ' ',
  ),
);

/** suggest says how a filter of endpoints may go on. */
export const suggest: Ask = async (input) => {
  const out = await api.traffic.Suggest(input);
  const fits = ({ kind, text }: go.Suggestion) => kind !== 'field' || own.has(text.replace(/\W+$/, ''));
  return { ...out, suggestions: out.suggestions.filter(fits) };
};
