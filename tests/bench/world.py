"""What the seeded world looks like, so that answers can be compared with it. seed.sql makes it."""
from dataclasses import dataclass

USER_ADMIN, USER_WORKER, ORGANISATION, TENANCY, CASE, COLLABORATOR = 1, 3, 5, 8, 10, 12

PHRASES = [
    'called at the flat this morning', 'spoke on the phone about the arrears', 'the boiler is mended',
    'agreed to meet at the café on Thursday', 'wants help with the form', 'Siân will ring the council',
    'feels safer since the lock was changed', 'no answer at the door', 'left a card', 'the GP has written back',
    'benefit was paid late again', 'asked for an interpreter: język polski', 'next step is the budget sheet',
    'brought the letter from the court', 'sleeps badly', 'the neighbour was kind', 'went to the food bank',
    'Zoë came along', 'mentioned the naïve question of the lease', 'the damp is back in the hall',
    'will try the new bus', '部屋は片付いていた', 'слова благодарности', 'مرحبا بكم', 'smiled a good deal 🙂',
    'keeps the appointments', 'the children are at school', 'paid £20 towards the debt', 'rang the surgery',
    'the lift is out of order', 'has an interview on Monday', 'asked after the deposit',
    'photos of the ceiling taken']


def spell(kind, n):
    """The id of thing n of a kind: bench.id of seed.sql."""
    return f'018cc251-f400-7{kind:03x}-8000-{n:012x}'


def note_id(case, k, notes):
    """The id of note k of so many in a case: bench.note_id of seed.sql."""
    at = f'{1451606400000 + k * (311040000000 // notes) + case % 3000 * 1000000:012x}'
    return f'{at[:8]}-{at[8:]}-700b-8000-{case * 100000 + k:012x}'


def text(n):
    """The text of note n: bench.body of seed.sql."""
    h = (n * 2654435761) % 4294967296
    rarer = [(40, 'weeded the garden'), (100, 'lost the passport'), (1000, 'has asthma'), (10000, 'plays the piano')]
    return (f'Visit {n}' + ''.join('; ' + PHRASES[(h >> i * 2) % 33] for i in range(10)) +
            ''.join(f'; {words}' for i, (one_in, words) in enumerate(rarer) if (h >> 12) % one_in == i))


@dataclass(frozen=True)
class World:
    """How much there is. Cases are numbered through the organisations; `memory_cases` with 50 notes each and `spare`
    tenancies without a case come after them."""
    cases: int
    notes: int
    orgs: int = 20
    memory_cases: int = 500
    spare: int = 120

    @property
    def per_org(self):
        return self.cases // self.orgs

    @property
    def assigned(self):
        """How many cases worker 1 has."""
        return min(500, self.cases)

    def org_of(self, case):
        return 1 + (case - 1) // self.per_org

    def admin_token(self, case):
        return f'kw_bench_admin_{self.org_of(case)}'

    def shown_notes(self, notes=None):
        """Numbers of the notes in an operator's workspace: (shared, professional), oldest first."""
        count = self.notes if notes is None else notes
        professional = [k for k in range(1, count + 1) if k % 10 == 5]
        shared = [k for k in range(1, count + 1) if k % 10 != 5]
        return shared[-50:], professional[-50:]


def sized(cases, notes, spare=120, orgs=None):
    """A world of about so many cases: 20 organisations of equal size, more where one would have over 500."""
    orgs = orgs or max(20 if cases >= 200 else 1, -(-cases // 500))
    return World(cases=cases // orgs * orgs, notes=notes, orgs=orgs, spare=spare,
                 memory_cases=500 if cases >= 1000 else max(20, cases // 2))


def faults_of_workspace(world, case, seen, notes=None):
    """What is wrong with an administrator's workspace of a seeded case nobody has written in; empty if nothing is."""
    faults = []
    if seen['case']['id'] != spell(CASE, case):
        faults.append(f"the case is {seen['case']['id']}")
    for stream, numbers in zip(('shared', 'professional'), world.shown_notes(notes)):
        found = [(n['id'], n['body'], n['author']['id']) for n in seen['notes'][stream]]
        author = spell(USER_ADMIN, world.org_of(case))
        wanted = [(note_id(case, k, notes or world.notes), text(case * 100000 + k), author) for k in numbers]
        if found != wanted and found != wanted[::-1]:
            faults.append(f'the {stream} notes differ from what was seeded')
    return faults
