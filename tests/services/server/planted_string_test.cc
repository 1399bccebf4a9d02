// A string is planted wherever people write: names, streets, notes, labels, free text. Then every RPC is called by
// everyone, rightly and wrongly, while the database breaks under it. The string is in no line that the server writes,
// in no error, in no metric, and in no log of its PostgreSQL; nor in a trace, which is but a number in these lines.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "tests/services/server/access_matrix.h"
#include "tests/services/server/matrix_campaign.h"
#include "tests/support/http_get.h"

namespace snowfield::tests {
namespace {

// What is searched for: each planted string begins with it. In base64 it would be another, at three offsets.
constexpr std::string_view kNeedles[] = {"Snowmark", "U25vd21hcm", "Nub3dtYXJr", "bm93bWFya"};

void ExpectClean(const std::string& text, const std::string& where) {
  for (const std::string_view needle : kNeedles) {
    const size_t at = text.find(needle);
    EXPECT_EQ(at, std::string::npos) << "planted string in " << where << ": ..."
                                     << text.substr(at < 100 ? 0 : at - 100, 200) << "...";
    if (at != std::string::npos) return;
  }
}

// Plants the string in every text of a message, and makes every number one that can't be, where `with_numbers`.
void Spoil(google::protobuf::Message& message, bool with_numbers, int depth = 0) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const bool many = field->is_repeated();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && field->type() == FieldDescriptor::TYPE_STRING) {
      const std::string planted = absl::StrCat(std::string(kMark), " ", field->name());
      many ? reflection->AddString(&message, field, planted) : reflection->SetString(&message, field, planted);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 && with_numbers) {
      const int64_t wrong = std::numeric_limits<int64_t>::max();
      many ? reflection->AddInt64(&message, field, wrong) : reflection->SetInt64(&message, field, wrong);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map() && depth < 4) {
      Spoil(many ? *reflection->AddMessage(&message, field) : *reflection->MutableMessage(&message, field),
            with_numbers, depth + 1);
    }
  }
}

std::string LogsBelow(const std::filesystem::path& folder) {
  std::string text;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    if (!entry.is_regular_file() || entry.path().string().find(".log") == std::string::npos) continue;
    std::stringstream bytes;
    bytes << std::ifstream(entry.path()).rdbuf();
    text += bytes.str();
  }
  return text;
}

TEST(PlantedString, IsFoundInNoLogNoErrorAndNoMetric) {
  base::SetLogLevel(base::LogLevel::kDebug);
  std::string server_log, postgres_log, metrics;
  int failed = 0;
  {
    MatrixCampaign campaign(/*with_metrics=*/true);
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    // Put in now: later calls use up what earlier ones need, and then fail with the string in their request.
    std::vector<std::pair<std::string, std::string>> requests;
    for (const MatrixRow& row : AccessMatrix()) requests.emplace_back(row.method, campaign.Resolve(row.request));
    const auto call_all = [&](std::initializer_list<CallerKind> callers, auto change) {
      for (const auto& [method, request] : requests) {
        for (const CallerKind caller : callers) {
          const RawAnswer answer = campaign.Call(method, request, caller, change);
          if (!answer.status.ok()) ++failed;
          ExpectClean(answer.status.error_message(), "the error of " + method);
          ExpectClean(answer.status.error_details(), "the error of " + method);
        }
      }
    };
    const auto as_it_is = [](google::protobuf::Message&) {};
    call_all({CallerKind::kOwner, CallerKind::kCanvasser, CallerKind::kNone},
             [](google::protobuf::Message& message) { Spoil(message, false); });
    call_all({CallerKind::kOwner, CallerKind::kCanvasser},
             [](google::protobuf::Message& message) { Spoil(message, true); });
    call_all({CallerKind::kOwner, CallerKind::kCanvasser}, as_it_is);
    // The database refuses statements in the middle of everything.
    campaign.BreakDatabase();
    call_all({CallerKind::kOwner, CallerKind::kCanvasser}, as_it_is);
    metrics = HttpGet(campaign.metrics_port(), "/metrics");
    postgres_log = LogsBelow(campaign.ClusterFolder());
    server_log = ::testing::internal::GetCapturedStderr() + ::testing::internal::GetCapturedStdout();
  }
  base::SetLogLevel(base::LogLevel::kInfo);
  EXPECT_GT(failed, 100) << "errors were to be made";
  EXPECT_NE(server_log.find("rpc.failed"), std::string::npos) << "the log was to be looked at";
  EXPECT_NE(server_log.find("\"level\":\"error\""), std::string::npos) << "the database was to break";
  EXPECT_FALSE(postgres_log.empty());
  EXPECT_NE(metrics.find("grpc_server_handled_total"), std::string::npos) << "the metrics were to be looked at";
  ExpectClean(metrics, "the metrics");
  ExpectClean(server_log, "the server's log");
  ExpectClean(postgres_log, "PostgreSQL's log");
}

TEST(PlantedString, WouldBeFound) {
  const std::string_view text = "a line with a Snowmark in it";
  EXPECT_NE(text.find(kNeedles[0]), std::string_view::npos);
  EXPECT_EQ(kNeedles[0], kMark);
}

}  // namespace
}  // namespace snowfield::tests
