#include "services/cli/paper_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/cli/output.h"

namespace snowfield::cli {

std::string DoubtsOf(const paper::v1::RowReading& reading) {
  std::vector<std::string> words;
  for (const int doubt : reading.doubts()) {
    const std::string name = paper::v1::ReadDoubt_Name(static_cast<paper::v1::ReadDoubt>(doubt));
    words.push_back(absl::AsciiStrToLower(absl::StrReplaceAll(WordOf(name, "READ_DOUBT_"), {{"_", " "}})));
  }
  return absl::StrJoin(words, ", ");
}

}  // namespace snowfield::cli
