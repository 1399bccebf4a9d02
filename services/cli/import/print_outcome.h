// What an import says of itself at its end: a table for people, JSON for programs.
#pragma once

#include "services/cli/import/run_import.h"

namespace snowfield::cli {

// To standard output. Reasons are shown with one example each; never a value of a row.
void PrintOutcome(const ImportPlan& plan, const ImportOutcome& outcome);
// One JSON object on one line.
void PrintOutcomeAsJson(const ImportPlan& plan, const ImportOutcome& outcome);

}  // namespace snowfield::cli
