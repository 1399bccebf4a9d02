#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

class Results : public testing::Test {
 protected:
  Results() {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
  }
  grpc::Status Get(int64_t cut_id, GetResultsResponse* response) {
    GetResultsRequest request;
    request.set_cut_id(cut_id);
    return field_.canvass().GetResults(field_.As(field_.campaign.owner_token).get(), request, response);
  }

  Field field_;
};

TEST_F(Results, CountsWhatTheKnocksSaid) {
  Knock wrong = field_.Knock(0);
  wrong.set_result(KNOCK_RESULT_HOSTILE);
  Knock right = field_.Knock(0);
  right.set_corrects_knock_id(wrong.knock_id());
  Knock conflict = field_.Knock(1);
  field_.Send({wrong, right, conflict, field_.Knock(1), field_.AskKnock(2, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)});
  conflict.set_note("other");
  field_.Send({conflict});
  field_.Send({field_.Knock(7)}, field_.other_phone);
  GetResultsResponse response;
  const grpc::Status status = Get(field_.cut_id, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.knocks(), 5);
  EXPECT_EQ(response.doors_knocked(), 4);
  EXPECT_EQ(response.conflicts(), 1);
  EXPECT_EQ(response.follow_ups_open(), 1);
  EXPECT_EQ(response.follow_ups_done(), 0);
  std::map<KnockResult, int64_t> counts;
  for (const ResultCount& count : response.results()) counts[count.result()] = count.knocks();
  EXPECT_EQ(counts, (std::map<KnockResult, int64_t>{{KNOCK_RESULT_NOT_HOME, 4}, {KNOCK_RESULT_CANVASSED, 1}}));
  GetResultsResponse all;
  ASSERT_TRUE(Get(0, &all).ok());
  EXPECT_EQ(all.DebugString(), response.DebugString());
}

TEST_F(Results, AreZeroBeforeTheFirstKnock) {
  GetResultsResponse response;
  ASSERT_TRUE(Get(0, &response).ok());
  EXPECT_EQ(response.knocks(), 0);
  EXPECT_EQ(response.results_size(), 0);
}

TEST_F(Results, OfAnUnknownCutAreNotFound) {
  GetResultsResponse response;
  const grpc::Status status = Get(field_.cut_id + 100, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FieldOf(status), "cut_id");
  EXPECT_EQ(Get(-1, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(Results, AreNotForPhones) {
  GetResultsResponse response;
  EXPECT_EQ(field_.canvass().GetResults(field_.As(field_.phone).get(), {}, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace snowfield::tests
