//! A command that is hit at every point, one after the other.

use std::process::Output;

use libtest_mimic::Failed;

use crate::judge::Judge;
use crate::points::{self, Fault, Point};
use crate::scene::Scene;
use crate::tally::Tally;

/// Hits every point of the scene's command, and judges each.
pub(crate) fn every_point(
    scene: &Scene,
    judge: &mut Judge<'_>,
    fault: Fault,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let points = points::all(&scene.fixture, fault)?;
    let mut failures = Vec::new();
    for point in &points {
        tally.tried();
        match one_point(scene, judge, point, fault, tally) {
            Ok(is_after) => tally.ended(is_after),
            Err(why) => {
                failures.push(format!("at {point}\n{}", why.message().unwrap_or_default()));
            }
        }
    }
    match failures.first() {
        None if points.is_empty() => Err("the command changes nothing".into()),
        None => Ok(()),
        Some(first) => Err(format!(
            "{} of {} points; the first: {first}",
            failures.len(),
            points.len()
        )
        .into()),
    }
}

fn one_point(
    scene: &Scene,
    judge: &mut Judge<'_>,
    point: &Point,
    fault: Fault,
    tally: &mut Tally,
) -> Result<bool, Failed> {
    let mut output = points::hit(&scene.fixture, point, fault)?;
    let said_done = hit_as_meant(fault, point, &output)?;
    if scene.fixture.is_half_made() {
        judge.reading_refuses()?;
        output = judge.next_command(true)?;
        tally.recovered();
    }
    let is_after = judge.is_an_end(&output)?;
    scene.may_end(is_after, said_done)?;
    judge.examine(is_after)?;
    Ok(is_after)
}

/// True if larder ended well, and so claims to have done its work.
fn hit_as_meant(fault: Fault, point: &Point, output: &Output) -> Result<bool, Failed> {
    use std::os::unix::process::ExitStatusExt;
    let killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    match (fault, code) {
        (Fault::Kill, _) if killed => Ok(false),
        (Fault::Kill, _) => Err(format!("it was not killed: {}: {said}", output.status).into()),
        (_, Some(0)) => Ok(true),
        // A full disk refuses what larder says as well, where that goes to a file.
        (Fault::Full, Some(1 | 2)) => Ok(false),
        (_, Some(1 | 2)) if !said.trim().is_empty() || point.speaks() => Ok(false),
        (_, Some(1 | 2)) => Err("it failed, and nobody was told why".into()),
        _ => Err(format!("it ended with {}: {said}", output.status).into()),
    }
}
