import type { go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Failed, Nothing, Scrolls } from '../inventory/parts';
import { openCases } from './acts';
import classes from './Errors.module.css';
import { useErrors } from './queries';
import { ResumeButton } from './Resume';
import { useTests } from './store';
import shared from './tests.module.css';
import { mutationWord } from './words';

/** Errors are the cases without an answer, by what kept them from one. */
export function Errors({ run }: { run: go.RunRow }) {
  const { data, error, refetch } = useErrors(run.id);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={6} />;
  return (
    <Scrolls label={t('tests.look.errors')} pane="tests-errors" className={shared.scroller}>
      {data.groups.length === 0 && <Nothing>{t('tests.errors.none')}</Nothing>}
      {data.groups.length > 0 && !run.here && (
        <div className={shared.row}>
          <ResumeButton run={run} again />
        </div>
      )}
      <ul className={`${frame.bare} ${classes.errors}`}>
        {data.groups.map((group) => (
          <li key={group.cause}>
            <p>
              <strong>{t('tests.errors.times', { n: group.n })}</strong> <Visible text={group.cause} />
            </p>
            <ul className={frame.links}>
              {group.cases.map((each) => (
                <li key={each.n}>
                  <button
                    type="button"
                    className={frame.link}
                    onClick={() => {
                      openCases({ verdicts: ['errored'] });
                      useTests.setState({ case: each.n });
                    }}
                  >
                    {t('tests.errors.case', { n: formatNumber(each.n) })}
                  </button>{' '}
                  <Visible text={`${each.name} · ${mutationWord(each.mutation)} · ${each.target_name}`} />
                </li>
              ))}
              {group.n > group.cases.length && (
                <li>
                  <button
                    type="button"
                    className={frame.link}
                    onClick={() => openCases({ verdicts: ['errored'] })}
                  >
                    {t('tests.errors.all')}
                  </button>
                </li>
              )}
            </ul>
          </li>
        ))}
      </ul>
    </Scrolls>
  );
}
