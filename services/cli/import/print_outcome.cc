#include "services/cli/import/print_outcome.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "services/cli/output.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

constexpr size_t kReasonsShownMax = 15;

Table SummaryTable(const ImportPlan& plan, const ImportOutcome& outcome) {
  const pb::ImportSummary& summary = outcome.summary;
  Table table({KindName(plan.mapping.kind), "rows"});
  const auto add = [&table](const char* name, int64_t value) { table.AddRow({name, WithCommas(value)}); };
  add("read", outcome.read);
  if (outcome.left_out > 0) add("left out by the preset", outcome.left_out);
  add("rejected", outcome.rejected);
  add(plan.dry_run ? "would be new" : "new", summary.inserted());
  add(plan.dry_run ? "would change" : "changed", summary.updated());
  add("unchanged", summary.unchanged());
  if (summary.absent() > 0) add("kept, but not in this file", summary.absent());
  if (plan.mapping.kind == pb::IMPORT_KIND_ADDRESSES) add("doors of the campaign", summary.doors());
  if (plan.mapping.kind == pb::IMPORT_KIND_PEOPLE) {
    add("matched to a door", summary.matched());
    add("without a door", summary.unmatched());
  }
  return table;
}

void PrintReasons(const ImportPlan& plan, const ImportOutcome& outcome) {
  size_t shown = 0;
  for (const ReportFile::ReasonCount& reason : outcome.reasons) {
    if (++shown > kReasonsShownMax) break;
    const std::string where = reason.line > 0 ? absl::StrCat(" (line ", reason.line, " of ", reason.file, ")") : "";
    std::printf("%s %s%s; the first: %s%s\n", WithCommas(static_cast<int64_t>(reason.count)).c_str(),
                reason.reason.c_str(), reason.taken ? " (taken)" : "", reason.example.c_str(), where.c_str());
  }
  if (outcome.reasons.empty()) return;
  if (plan.report_path.empty()) {
    std::printf("each row with its line: run it again with --report FILE\n");
  } else {
    std::printf("each row with its line: %s\n", plan.report_path.c_str());
  }
}

}  // namespace

void PrintOutcome(const ImportPlan& plan, const ImportOutcome& outcome) {
  std::printf("data set %s, %s s%s\n", plan.dataset.c_str(), Fixed(outcome.seconds, 1).c_str(),
              plan.dry_run ? " (dry run: nothing was stored)" : "");
  SummaryTable(plan, outcome).Print();
  PrintReasons(plan, outcome);
}

void PrintOutcomeAsJson(const ImportPlan& plan, const ImportOutcome& outcome) {
  const pb::ImportSummary& summary = outcome.summary;
  nlohmann::ordered_json json = {{"kind", KindName(plan.mapping.kind)},
                                 {"dataset", plan.dataset},
                                 {"files", plan.files},
                                 {"dry_run", plan.dry_run},
                                 {"read", outcome.read},
                                 {"left_out", outcome.left_out},
                                 {"rejected", outcome.rejected},
                                 {"import_id", summary.import_id()},
                                 {"inserted", summary.inserted()},
                                 {"updated", summary.updated()},
                                 {"unchanged", summary.unchanged()},
                                 {"absent", summary.absent()},
                                 {"doors", summary.doors()},
                                 {"matched", summary.matched()},
                                 {"unmatched", summary.unmatched()},
                                 {"seconds", outcome.seconds}};
  json["reasons"] = nlohmann::ordered_json::array();
  for (const ReportFile::ReasonCount& reason : outcome.reasons) {
    json["reasons"].push_back({{"reason", reason.reason}, {"count", reason.count}, {"taken", reason.taken}});
  }
  std::printf("%s\n", json.dump().c_str());
}

}  // namespace snowfield::cli
