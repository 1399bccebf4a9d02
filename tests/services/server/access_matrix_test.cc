// Every RPC x every kind of caller, against a real server: the expected answers are data in access_matrix.cc.
#include "tests/services/server/access_matrix.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/rpc/policy.h"
#include "services/server/server.h"
#include "tests/services/server/matrix_campaign.h"

namespace snowfield::tests {
namespace {

std::string Letters(std::string_view outcomes) {
  std::string letters(outcomes);
  letters.erase(std::remove(letters.begin(), letters.end(), ' '), letters.end());
  return letters;
}

// What the answer was, as the matrix writes it; a reason in full where it has no letter.
std::string LetterOf(const RawAnswer& answer, const std::string& needle) {
  const std::string reason = ReasonOf(answer.status);
  if (answer.status.ok()) return needle.empty() || answer.text.find(needle) != std::string::npos ? "A" : "E";
  if (reason == "TOKEN_MISSING") return "M";
  if (reason == "TOKEN_EXPIRED") return "X";
  if (reason == "TOKEN_REVOKED") return "R";
  if (reason == "PERMISSION_MISSING") return "P";
  if (reason == "SCOPE_MISSING") return "S";
  if (reason == "NOT_YOUR_BRANCH" || reason == "NOT_YOUR_LIST" || reason == "NOT_YOUR_FOLLOW_UP") return "B";
  if (reason == "PHONE_TOKEN_NEEDED") return "W";
  if (answer.status.error_code() == grpc::StatusCode::NOT_FOUND) return "N";
  if (answer.status.error_code() == grpc::StatusCode::FAILED_PRECONDITION) return "F";
  return absl::StrCat(reason, " (", answer.status.error_message(), ")");
}

TEST(AccessMatrix, EveryRpcHasARow) {
  std::set<std::string> rows;
  for (const MatrixRow& row : AccessMatrix()) rows.insert(absl::StrCat("snowfield.", std::string(row.method)));
  for (const std::string& name : server::ServiceFullNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_TRUE(rows.contains(service->method(i)->full_name()))
          << service->method(i)->full_name() << " has no row in tests/services/server/access_matrix.cc";
    }
  }
  for (const MatrixRow& row : AccessMatrix()) {
    EXPECT_EQ(Letters(row.outcomes).size(), static_cast<size_t>(kCallerKinds)) << row.method;
  }
}

class AccessMatrixRow : public ::testing::TestWithParam<MatrixRow> {};

TEST_P(AccessMatrixRow, AnswersEachCallerAsTheTableSays) {
  const MatrixRow& row = GetParam();
  MatrixCampaign campaign;
  const std::string expected = Letters(row.outcomes);
  for (int i = 0; i < kCallerKinds; ++i) {
    const RawAnswer answer = campaign.Call(row.method, row.request, static_cast<CallerKind>(i));
    const std::string got = LetterOf(answer, campaign.Resolve(row.needle));
    EXPECT_EQ(got, std::string(1, expected[i])) << row.method << " as " << kCallerNames[i] << "\n" << answer.text;
    if (static_cast<CallerKind>(i) == CallerKind::kForeignOwner) {
      EXPECT_EQ(answer.text.find(kMark), std::string::npos) << row.method << " leaks:\n" << answer.text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryRpc, AccessMatrixRow, ::testing::ValuesIn(AccessMatrix().begin(), AccessMatrix().end()),
                         [](const ::testing::TestParamInfo<MatrixRow>& info) {
                           const std::string method(info.param.method);
                           return absl::StrCat(method.substr(method.rfind('.') + 1), "_", info.index);
                         });

}  // namespace
}  // namespace snowfield::tests
