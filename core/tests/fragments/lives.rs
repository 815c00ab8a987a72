//! Long lives of a page, in which anything happens in any order.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::plans::LIFE;
use crate::world::World;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(4_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_nothing_is_lost_and_nothing_is_kept(
        choices in prop::collection::vec(any::<Index>(), 1..120)
    ) {
        let mut world = World::new(LIFE);
        for choice in choices {
            let actions = world.actions();
            let Some(action) = actions.get(choice.index(actions.len().max(1))) else { break };
            world.take(*action).map_err(TestCaseError::fail)?;
        }
        world.check_empty().map_err(TestCaseError::fail)?;
    }
}
