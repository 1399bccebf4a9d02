// RunImport: some files, one data set, one transaction of the server.
// Thread safety: one call, one thread (it runs another for the server's answers).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/files/mapping.h"
#include "services/cli/files/row_maker.h"
#include "services/cli/import/report_file.h"
#include "services/cli/import/row_stream.h"

namespace snowfield::cli {

inline constexpr size_t kFilesMax = 1000;

struct ImportPlan {
  std::vector<std::string> files;
  Mapping mapping;
  RowOptions options;
  std::string dataset;
  std::string report_path;
  bool dry_run = false;
  bool bring_back_erased = false;
};

struct ImportOutcome {
  int64_t read = 0;      // rows that the files hold
  int64_t left_out = 0;  // by the mapping's filters
  int64_t rejected = 0;  // by the readers and by the server
  snowfield::territory::v1::ImportSummary summary;
  std::vector<ReportFile::ReasonCount> reasons;
  double seconds = 0;
};

// Shows how far it is; fraction 0 to 1, negative where not known.
using ShowProgress = std::function<void(double fraction, std::string_view note)>;

// Errors: those of ReadFile and of the server (nothing was stored), NOTHING_TO_IMPORT, EVERY_ROW_REJECTED (the server
// stored nothing, or was never asked), REPORT_NOT_WRITTEN. `outcome` is filled as far as the import came, also on
// error.
absl::Status RunImport(RowStream::Stub& stub, const RowStream::PrepareContext& prepare, const ImportPlan& plan,
                       const ShowProgress& show, ImportOutcome& outcome);

}  // namespace snowfield::cli
