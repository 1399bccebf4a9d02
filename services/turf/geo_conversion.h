// What the database holds, as geo's cutter takes it; and what the cutter gives, as the database stores it.
//
// The one place where rows and geometry types meet. Thread safety: pure.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "db/store/cut_problem_store.h"
#include "db/store/territory_store.h"
#include "db/store/turf_store.h"
#include "geo/cut/cut_turf.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

v1::TurfMetrics ToMetrics(const geo::TurfMetrics& metrics);
// What ToMetrics made; what it leaves out is left out.
geo::TurfMetrics FromMetrics(const v1::TurfMetrics& message);

geo::CutDoor ToCutDoor(const db::DoorRow& row);
geo::CutStreet ToCutStreet(const db::StreetRow& row);
geo::CutBarrier ToCutBarrier(const db::BarrierRow& row);
geo::CutBoundary ToCutBoundary(const db::BoundaryRow& row);

// The turfs of a result under these numbers (one a turf), with their doors, polygons and metrics; regions are left for
// the caller. INTERNAL where the metrics can't be written.
absl::StatusOr<std::vector<db::NewTurf>> ToNewTurfs(const geo::CutResult& result, const std::vector<int>& numbers);

// What misses a bound, in order of turf number, each turf's own first.
std::vector<db::NewCutProblem> ToNewProblems(const geo::CutResult& result, const std::vector<int>& numbers);

// The six qualities. Doors lost and doubled, and turfs over a kept boundary, are counted here from the input and the
// turfs alone, apart from what the cutter says of itself. INTERNAL where a boundary can't be read.
absl::StatusOr<v1::CutReport> MakeReport(const geo::CutInput& input, const geo::CutResult& result);

}  // namespace snowfield::turf
