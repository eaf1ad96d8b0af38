//! In which groups a provider says that somebody is, and what becomes of it. Pure.

use std::collections::HashSet;

use crate::kit::GroupId;

/// A group of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: GroupId,
    /// What a provider calls it; nothing if no provider says who is in it.
    pub external_id: Option<String>,
    /// Whether it lets people manage the account.
    pub manages: bool,
}

/// What becomes of somebody's groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Regrouped {
    /// Into which they come.
    pub add: Vec<GroupId>,
    /// Out of which they come.
    pub remove: Vec<GroupId>,
    /// In which they stay though the provider says otherwise, because nobody else can manage the account.
    pub kept: Vec<GroupId>,
}

/// Says what becomes of somebody's groups by what a provider tells.
///
/// Groups without an external id are left alone. Whom nothing puts into a group comes into `fallback`; nothing if there is
/// none either. `last` says that nobody else can manage the account: then what lets them do it stays.
pub fn regroup(
    all: &[Known],
    theirs: &[GroupId],
    told: &[String],
    fallback: Option<&GroupId>,
    last: bool,
) -> Option<Regrouped> {
    let told: HashSet<&str> = told.iter().map(String::as_str).collect();
    let is_in = |group: &&Known| theirs.contains(&group.id);
    let wanted = |group: &&Known| match &group.external_id {
        Some(external) => told.contains(external.as_str()),
        None => is_in(group),
    };
    let mut after: Vec<&Known> = all.iter().filter(wanted).collect();
    let mut kept = vec![];
    if last && !after.iter().any(|group| group.manages) {
        kept.extend(all.iter().filter(is_in).filter(|group| group.manages));
        after.extend(&kept);
    }
    if after.is_empty() {
        after.push(all.iter().find(|group| Some(&group.id) == fallback)?);
    }
    let stays = |group: &&Known| after.iter().any(|one| one.id == group.id);
    Some(Regrouped {
        add: after.iter().filter(|group| !is_in(group)).map(|group| group.id.clone()).collect(),
        remove: all.iter().filter(is_in).filter(|group| !stays(group)).map(|group| group.id.clone()).collect(),
        kept: kept.into_iter().map(|group| group.id.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: usize) -> GroupId {
        GroupId::parse(&format!("UG-{n}")).unwrap()
    }

    /// Groups 0 to 5: the first two without an external id, all even ones manage the account.
    fn all() -> Vec<Known> {
        let known =
            |n: usize| Known { id: id(n), external_id: (n > 1).then(|| format!("x{n}")), manages: n.is_multiple_of(2) };
        (0..6).map(known).collect()
    }

    fn ids(numbers: &[usize]) -> Vec<GroupId> {
        numbers.iter().map(|n| id(*n)).collect()
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn groups_are_what_the_provider_says() {
        type Case = (&'static [usize], &'static [&'static str], Option<usize>, bool, Option<[&'static [usize]; 3]>);
        let cases: [Case; 13] = [
            // Theirs, told, otherwise, last; added, removed, kept.
            (&[3], &["x3"], None, false, Some([&[], &[], &[]])),
            (&[3], &["x5", "x4"], None, false, Some([&[4, 5], &[3], &[]])),
            (&[1, 3], &[], None, false, Some([&[], &[3], &[]])),
            (&[3], &[], None, false, None),
            (&[3], &["elsewhere", "X3", "UG-0"], None, false, None),
            (&[3], &[], Some(1), false, Some([&[1], &[3], &[]])),
            // A group for everybody else that the provider knows too.
            (&[3], &[], Some(5), false, Some([&[5], &[3], &[]])),
            (&[], &["x3"], Some(1), false, Some([&[3], &[], &[]])),
            (&[], &[], Some(1), false, Some([&[1], &[], &[]])),
            // One that is gone is none.
            (&[], &[], Some(9), false, None),
            (&[2, 4, 3], &["x5"], None, true, Some([&[5], &[3], &[2, 4]])),
            (&[2], &["x4"], None, true, Some([&[4], &[2], &[]])),
            (&[0, 2], &[], None, true, Some([&[], &[2], &[]])),
        ];
        for (theirs, told, fallback, last, becomes) in cases {
            let found = regroup(&all(), &ids(theirs), &texts(told), fallback.map(id).as_ref(), last);
            let expected =
                becomes.map(|[add, remove, kept]| Regrouped { add: ids(add), remove: ids(remove), kept: ids(kept) });
            assert_eq!(found, expected, "{theirs:?} {told:?} {fallback:?} {last}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_told_the_rules_hold(
            theirs in prop::collection::btree_set(0usize..6, 0..6),
            told in prop::collection::vec("x[0-7]|[a-z]{1,3}", 0..8),
            fallback in prop::option::of(0usize..8),
            last: bool,
        ) {
            let (all, before) = (all(), theirs.iter().map(|n| id(*n)).collect::<Vec<_>>());
            let Some(done) = regroup(&all, &before, &told, fallback.map(id).as_ref(), last) else {
                // Refused are those alone whom nothing puts into a group.
                prop_assert!(theirs.iter().all(|n| *n > 1) && !told.iter().any(|t| all.iter().any(|g| g.external_id.as_ref() == Some(t))));
                prop_assert!(fallback.is_none_or(|n| n > 5));
                return Ok(());
            };
            let mut after: Vec<GroupId> = before.iter().filter(|g| !done.remove.contains(g)).cloned().collect();
            after.extend(done.add.clone());
            prop_assert!(!after.is_empty());
            for group in &all {
                let (was, is) = (before.contains(&group.id), after.contains(&group.id));
                let named = group.external_id.as_ref().is_some_and(|x| told.contains(x));
                let fell = is && Some(&group.id) == fallback.map(id).as_ref() && after.len() == 1;
                prop_assert!(group.external_id.is_some() || was == is || fell);
                prop_assert!(group.external_id.is_none() || is == (named || done.kept.contains(&group.id) || fell));
            }
            let manages = |groups: &[GroupId]| all.iter().any(|g| g.manages && groups.contains(&g.id));
            prop_assert!(!last || !manages(&before) || manages(&after));
            prop_assert!(last || done.kept.is_empty());
            // Told the same again, nothing changes.
            let again = regroup(&all, &after, &told, fallback.map(id).as_ref(), last);
            let quiet = again.is_some_and(|again| again.add.is_empty() && again.remove.is_empty());
            prop_assert!(quiet);
        }
    }
}
