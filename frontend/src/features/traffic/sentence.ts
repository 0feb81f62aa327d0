import type { go } from '../../api';
import { t } from '../../i18n';
import { colourName } from '../actions/marks';
import { plain } from './columns';
import { at, took } from './format';
import { signOf } from './state';
import { threatWord } from './ThreatMark';

/** sentenceOf is what a screen reader says of a line. */
export function sentenceOf(item: go.Item): string {
  const { row } = item;
  const sign = signOf(row);
  const parts = [
    t('traffic.spoken.number', { id: row.id, time: at(row.started) }),
    item.turns > 0 && t('traffic.spoken.group', { n: item.turns, open: item.expanded ? 'yes' : 'no' }),
    item.turn > 0 && t('traffic.group.turn', { n: item.turn }),
    row.client,
    plain(row) ? `${row.method} ${row.host} ${row.path}` : `${row.provider} ${row.model}`,
    row.operation,
    row.last_user,
    row.tools.length > 0 && t('traffic.spoken.tools', { n: row.tools.length }),
    row.total_tokens >= 0 && t('traffic.spoken.tokens', { n: row.total_tokens }),
    took(row.duration_ms),
    sign.long ?? sign.word,
    threatWord(row),
    row.colour && t('traffic.spoken.colour', { colour: colourName(row.colour) }),
    row.tags.length > 0 && t('traffic.spoken.tags', { tags: row.tags.join(', ') }),
    row.note && t('traffic.spoken.note', { note: row.note }),
  ];
  return parts.filter(Boolean).join(', ');
}
