import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './repeater.module.css';
import { choose } from './store';

const kinds: Record<string, string> = {
  refused: 'repeater.agreement.refused',
  looks: 'repeater.agreement.looks',
  answered: 'repeater.agreement.answered',
  calls: 'repeater.agreement.calls',
  error: 'repeater.agreement.error',
  empty: 'repeater.agreement.empty',
};

/** Agreement says how far answers to the same request agree; each group of equal answers opens one of them. */
export function Agreement({ tab, batch }: { tab: string; batch: go.Sent[] }) {
  const ids = batch.map((sent) => sent.row.id);
  const { data } = useQuery({
    queryKey: ['repeater', 'agreement', tab, ids],
    queryFn: () => api.repeater.Agreement({ ids }),
    placeholderData: keepPreviousData,
  });
  if (!data || data.n + data.open === 0) return null;
  const all = ids.length;
  return (
    <section className={classes.agreement} aria-label={t('repeater.agreement.label')}>
      {data.clusters.map((cluster) => (
        <div key={`${cluster.kind} ${cluster.detail}`} className={classes.cluster} data-kind={cluster.kind}>
          <strong>
            <Visible
              text={t(kinds[cluster.kind] ?? 'repeater.agreement.answered', {
                n: cluster.n,
                all,
                detail: cluster.detail,
              })}
            />
          </strong>
          <span className={classes.dim}>{t('repeater.agreement.same', { n: cluster.equal.length })}</span>
          {cluster.equal.map((equal) => (
            <button
              key={equal.ids[0]}
              type="button"
              className={classes.equal}
              title={t('repeater.agreement.show', { n: equal.ids.length })}
              onClick={() => choose(tab, equal.ids[0] ?? '')}
            >
              <b>×{equal.ids.length}</b> <Visible text={equal.text} />
            </button>
          ))}
        </div>
      ))}
      <span className={classes.dim}>
        {tokensOf(data.tokens)} {data.open > 0 && t('repeater.agreement.open', { n: data.open })}
      </span>
    </section>
  );
}

function tokensOf({ min, max }: { min: number; max: number }): string {
  if (max < 0) return '';
  return min === max
    ? t('repeater.agreement.tokens_same', { n: max })
    : t('repeater.agreement.tokens', { min, max });
}
