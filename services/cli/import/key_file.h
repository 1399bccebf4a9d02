// KeyFile: a vendor's CSV, row by row, to PaperService.KeyFile; its answers are taken on a thread of their own.
//
// What the server has taken stays when this is stopped; the file sent again goes on. Memory does not grow with the
// file. Thread safety: one call, one thread (it runs another for the server's answers).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/cli/import/report_file.h"
#include "services/cli/import/row_stream.h"
#include "services/cli/import/run_import.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {

struct KeyFilePlan {
  std::string file;
  std::string encoding;             // see TextDecoder; empty means UTF-8
  paper::v1::KeyFileHeader header;  // without columns: the file's are taken
};

// `summary` is filled as far as the file came, also on error. Errors: those of OpenCsv() and of the server.
absl::Status KeyFile(paper::v1::PaperService::StubInterface& stub, const RowStream::PrepareContext& prepare,
                     const KeyFilePlan& plan, const ShowProgress& show, ReportFile& report,
                     paper::v1::KeyFileSummary& summary);

}  // namespace snowfield::cli
