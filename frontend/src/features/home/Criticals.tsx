import { UnstyledButton } from '@mantine/core';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Severity } from '../findings/parts';
import { When } from '../inventory/parts';
import classes from './Criticals.module.css';
import { Answered, Card, Empty } from './parts';
import { useCriticals, usePosture } from './queries';
import { opener } from './refs';

/** Criticals are the newest open weaknesses of the worst kind. None is said together with what was not tested. */
export function Criticals() {
  const found = useCriticals();
  const { total = 0, severity = 'critical', items = [] } = found.data ?? {};
  return (
    <Card
      title={t('home.criticals.title', { severity })}
      aside={
        total > items.length && (
          <UnstyledButton className={classes.all ?? ''} onClick={opener(`severity:${severity}`)}>
            {t('home.criticals.all', { n: total })}
          </UnstyledButton>
        )
      }
    >
      <Answered query={found} rows={5}>
        {(data) =>
          data.items.length === 0 ? (
            <None open={data.open} />
          ) : (
            <ul className={classes.list}>
              {data.items.map((one) => (
                <li key={one.id}>
                  <UnstyledButton className={classes.one ?? ''} onClick={opener(`finding:${one.id}`)}>
                    <span className={classes.title}>
                      <Visible text={one.title} />
                    </span>
                    <span className={classes.facts}>
                      <Severity severity={one.severity} />
                      <span className={classes.target}>
                        <Visible text={one.target} />
                      </span>
                      <When at={one.last_seen} />
                    </span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  );
}

function None({ open }: { open: number }) {
  const items = usePosture('').data?.items ?? [];
  const untested = items.filter(({ state }) => state === 'not_tested').length;
  return (
    <Empty>
      <p>
        {t('home.criticals.none', { open })}{' '}
        {untested > 0 && t('home.criticals.unknown', { n: untested, all: items.length })}
      </p>
    </Empty>
  );
}
