// Packets over the wire: what is printed is kept, once for a request, and only for those above the list's leader.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/canvass/ingest.h"
#include "services/paper/paper_service.h"
#include "tests/services/canvass/field.h"

namespace snowfield::paper {
namespace {
using ::testing::SizeIs;
using ::testing::StartsWith;

class Packets : public ::testing::Test {
 protected:
  Packets()
      : server_(field_.database, {"snowfield.paper.v1.PaperService"},
                [this](const access::Gate& gate) {
                  return tests::OneService(std::make_unique<PaperService>(gate, &field_.database.pool(), field_.clock,
                                                                          canvass::IngestPaper));
                }),
        stub_(v1::PaperService::NewStub(server_.channel())) {}

  static v1::PrintPacketRequest RequestFor(const std::string& list) {
    v1::PrintPacketRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_list_number(list);
    return request;
  }
  grpc::Status Print(const std::string& token, const v1::PrintPacketRequest& request) {
    const auto context = server_.As(token);
    const auto reader = stub_->PrintPacket(context.get(), request);
    pdf_.clear();
    for (v1::PrintPacketResponse part; reader->Read(&part);) {
      if (part.has_packet()) packet_ = part.packet();
      pdf_ += part.pdf();
    }
    return reader->Finish();
  }
  std::string ReasonFor(const std::string& token, const v1::PrintPacketRequest& request) {
    return tests::ReasonOf(Print(token, request));
  }
  std::vector<v1::Packet> ListFor(const std::string& token, int page_size = 0) {
    std::vector<v1::Packet> packets;
    v1::ListPacketsRequest request;
    request.set_page_size(page_size);
    do {
      v1::ListPacketsResponse response;
      const auto context = server_.As(token);
      const grpc::Status status = stub_->ListPackets(context.get(), request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      packets.insert(packets.end(), response.packets().begin(), response.packets().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return packets;
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::PaperService::Stub> stub_;
  v1::Packet packet_;
  std::string pdf_;
};

TEST_F(Packets, APacketIsPrintedAndItsRowsAreKept) {
  const grpc::Status status = Print(field_.leader_token, RequestFor(field_.lists[0]));
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(pdf_, StartsWith("%PDF-"));
  EXPECT_EQ(packet_.door_count(), tests::Field::kDoorsOfFirstTurf);
  EXPECT_EQ(packet_.page_count(), 2 + field_.Count("select count(distinct page) from packet_row"))
      << "cover, script, the sheets";
  EXPECT_EQ(field_.Count("select count(*) from packet_row"), tests::Field::kDoorsOfFirstTurf);
  EXPECT_EQ(field_.Count(absl::StrCat(
                "select count(*) from packet_row where page = 3 and sequence = 1 and door_id = ", field_.doors[0],
                " and person_ids @> array[", field_.people[0], "::bigint, ", field_.people[1], "]")),
            1);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'packet.print'"), 1);
}

TEST_F(Packets, TheSameRequestPrintsTheSamePacketAgain) {
  const auto request = RequestFor(field_.lists[0]);
  ASSERT_TRUE(Print(field_.leader_token, request).ok());
  const std::string first = pdf_;
  const int64_t packet = packet_.packet_id();
  ASSERT_TRUE(Print(field_.leader_token, request).ok());
  EXPECT_EQ(packet_.packet_id(), packet);
  EXPECT_EQ(pdf_, first);
  EXPECT_EQ(field_.Count("select count(*) from packet"), 1);
}

TEST_F(Packets, EightAtOnceWithOneRequestMakeOnePacket) {
  const auto request = RequestFor(field_.lists[0]);
  std::atomic<int> printed = 0;
  std::vector<std::thread> printers;
  for (int i = 0; i < 8; ++i) {
    printers.emplace_back([&] {
      const auto context = server_.As(field_.leader_token);
      const auto reader = stub_->PrintPacket(context.get(), request);
      for (v1::PrintPacketResponse part; reader->Read(&part);) {
      }
      if (reader->Finish().ok()) ++printed;
    });
  }
  for (std::thread& printer : printers) printer.join();
  EXPECT_EQ(printed, 8);
  EXPECT_EQ(field_.Count("select count(*) from packet"), 1);
  EXPECT_EQ(field_.Count("select count(*) from packet_row"), tests::Field::kDoorsOfFirstTurf);
}

TEST_F(Packets, APacketWhosePeopleHaveChangedIsNotPrintedAgain) {
  const auto request = RequestFor(field_.lists[0]);
  ASSERT_TRUE(Print(field_.leader_token, request).ok());
  field_.Execute(absl::StrCat("update person set do_not_contact = true where person_id = ", field_.people[0]));
  EXPECT_EQ(ReasonFor(field_.leader_token, request), "PACKET_OUTDATED");
  EXPECT_EQ(ReasonFor(field_.leader_token, RequestFor(field_.lists[0])), "") << "a new one is";
  auto larger = request;
  larger.set_large_type(true);
  EXPECT_EQ(ReasonFor(field_.leader_token, larger), "PACKET_OUTDATED") << "nor on other paper";
}

TEST_F(Packets, OnlyThoseAboveTheListPrintItAndSeeThatItWas) {
  EXPECT_EQ(ReasonFor(field_.other_leader_token, RequestFor(field_.lists[0])), "NOT_YOUR_BRANCH");
  EXPECT_EQ(ReasonFor(field_.phone, RequestFor(field_.lists[0])), "PERMISSION_MISSING");
  ASSERT_TRUE(Print(field_.leader_token, RequestFor(field_.lists[0])).ok());
  ASSERT_TRUE(Print(field_.campaign.owner_token, RequestFor(field_.lists[1])).ok());
  EXPECT_THAT(ListFor(field_.leader_token), SizeIs(1));
  EXPECT_THAT(ListFor(field_.other_leader_token), SizeIs(1));
  const auto all = ListFor(field_.campaign.owner_token, 1);
  ASSERT_THAT(all, SizeIs(2)) << "by pages of one";
  EXPECT_EQ(all[0].list_number(), field_.lists[1]) << "the newest first";
}

TEST_F(Packets, WhatCanNotBePrintedIsSaid) {
  auto request = RequestFor(field_.lists[0]);
  request.set_request_id("no");
  EXPECT_EQ(Print(field_.leader_token, request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonFor(field_.leader_token, RequestFor("12345678")), "LIST_NUMBER_MISTYPED");
  field_.Execute(absl::StrCat("update walk_list set revoke_time = now() where list_number = '", field_.lists[0], "'"));
  EXPECT_EQ(ReasonFor(field_.leader_token, RequestFor(field_.lists[0])), "LIST_REVOKED");
}

}  // namespace
}  // namespace snowfield::paper
