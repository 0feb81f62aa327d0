import { t } from '../../i18n';
import classes from './home.module.css';
import { Latest } from './Latest';
import { Answered } from './parts';
import { useSeen } from './queries';
import { Tallies } from './Tallies';

/** Seen is what was recorded: the latest conversations, and who talks to what. */
export function Seen() {
  const seen = useSeen();
  return (
    <Answered query={seen} rows={5}>
      {({ latest, providers, models, hosts }) =>
        latest.length > 0 && (
          <div className={classes.thirds}>
            <Latest rows={latest} />
            <div className={classes.stack}>
              <Tallies title={t('home.providers')} field="provider" tallies={providers} />
              <Tallies title={t('home.models')} field="model" tallies={models} />
              <Tallies title={t('home.hosts')} field="host" tallies={hosts} />
            </div>
          </div>
        )
      }
    </Answered>
  );
}
