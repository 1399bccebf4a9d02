// Clients that are out there go on working: what they rely on is in proto/wire.txt, and nothing of it goes or changes.
// What is new is put there by UPDATE_WIRE=1; what breaks is taken out by hand, for all to see.
#include "tests/proto/wire.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "services/server/server.h"

namespace snowfield::tests {
namespace {
namespace pb = google::protobuf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kFile[] = SNOWFIELD_SOURCE_DIR "/proto/wire.txt";

Wire WireNow() {
  Wire wire;
  for (const std::string& name : server::ServiceFullNames()) {
    const auto* service = pb::DescriptorPool::generated_pool()->FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    wire.merge(WireOf(*service->file()));
  }
  return wire;
}

Wire WireBefore() {
  std::stringstream text;
  text << std::ifstream(kFile).rdbuf();
  return WireFromText(text.str());
}

TEST(TheWire, BreaksNoClient) { EXPECT_THAT(Breaks(WireBefore(), WireNow()), IsEmpty()); }

TEST(TheWire, IsWrittenDown) {
  const Wire before = WireBefore();
  Wire now = WireNow();
  if (std::getenv("UPDATE_WIRE") != nullptr) {
    now.insert(before.begin(), before.end());  // what is gone stays written down, and the test above fails
    std::ofstream(kFile) << WireToText(now);
    return;
  }
  EXPECT_GT(now.size(), 900u);
  std::vector<std::string> missing;
  for (const auto& [entry, value] : now) {
    if (!before.contains(entry)) missing.push_back(entry);
  }
  EXPECT_THAT(missing, IsEmpty()) << "run UPDATE_WIRE=1 build/bin/proto_wire_test, and commit proto/wire.txt";
}

// A small file, changed in one way.
class Changed : public testing::Test {
 protected:
  static Wire With(const std::function<void(pb::FileDescriptorProto&)>& change) {
    pb::FileDescriptorProto file;
    file.set_name("snowfield/test.proto");
    file.set_package("t");
    file.set_syntax("proto3");
    pb::DescriptorProto* message = file.add_message_type();
    message->set_name("M");
    for (const char* name : {"a", "b"}) {
      pb::FieldDescriptorProto* field = message->add_field();
      field->set_name(name);
      field->set_number(message->field_size());
      field->set_type(pb::FieldDescriptorProto::TYPE_INT64);
      field->set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
    }
    pb::EnumDescriptorProto* kind = file.add_enum_type();
    kind->set_name("E");
    for (const char* name : {"E_NONE", "E_ONE"}) {
      pb::EnumValueDescriptorProto* value = kind->add_value();
      value->set_name(name);
      value->set_number(kind->value_size() - 1);
    }
    pb::ServiceDescriptorProto* service = file.add_service();
    service->set_name("S");
    pb::MethodDescriptorProto* method = service->add_method();
    method->set_name("Do");
    method->set_input_type(".t.M");
    method->set_output_type(".t.M");
    change(file);
    pb::DescriptorPool pool;
    const pb::FileDescriptor* built = pool.BuildFile(file);
    EXPECT_NE(built, nullptr);
    return built == nullptr ? Wire() : WireOf(*built);
  }
  static std::vector<std::string> BreaksOf(const std::function<void(pb::FileDescriptorProto&)>& change) {
    return Breaks(With([](pb::FileDescriptorProto&) {}), With(change));
  }
};

TEST_F(Changed, WhatIsNewBreaksNothing) {
  EXPECT_THAT(BreaksOf([](pb::FileDescriptorProto& file) {
                pb::FieldDescriptorProto* field = file.mutable_message_type(0)->add_field();
                *field = file.message_type(0).field(0);
                field->set_name("c");
                field->set_number(3);
              }),
              IsEmpty());
}

TEST_F(Changed, AnotherNumberTypeOrLabelBreaks) {
  EXPECT_THAT(BreaksOf([](auto& file) { file.mutable_message_type(0)->mutable_field(0)->set_number(9); }),
              ElementsAre(HasSubstr("field t.M.a was 1 int64 and is 9 int64")));
  EXPECT_THAT(BreaksOf([](auto& file) {
                file.mutable_message_type(0)->mutable_field(0)->set_type(pb::FieldDescriptorProto::TYPE_STRING);
              }),
              ElementsAre(HasSubstr("is 1 string")));
  EXPECT_THAT(BreaksOf([](auto& file) {
                file.mutable_message_type(0)->mutable_field(0)->set_label(pb::FieldDescriptorProto::LABEL_REPEATED);
              }),
              ElementsAre(HasSubstr("is 1 repeated int64")));
}

TEST_F(Changed, AFieldGoesOnlyWhereNumberAndNameAreReserved) {
  const auto without = [](bool number, bool name) {
    return BreaksOf([=](pb::FileDescriptorProto& file) {
      pb::DescriptorProto* message = file.mutable_message_type(0);
      message->mutable_field()->RemoveLast();
      if (number) {
        message->add_reserved_range()->set_start(2);
        message->mutable_reserved_range(0)->set_end(3);
      }
      if (name) message->add_reserved_name("b");
    });
  };
  EXPECT_THAT(without(false, false), ElementsAre(HasSubstr("field t.M.b is gone")));
  EXPECT_THAT(without(true, false), ElementsAre(HasSubstr("field t.M.b is gone")));
  EXPECT_THAT(without(true, true), IsEmpty());
}

TEST_F(Changed, AnEnumValueOrAnRpcThatGoesBreaks) {
  EXPECT_THAT(BreaksOf([](auto& file) { file.mutable_enum_type(0)->mutable_value()->RemoveLast(); }),
              ElementsAre(HasSubstr("value t.E.E_ONE is gone")));
  EXPECT_THAT(BreaksOf([](auto& file) { file.clear_service(); }), ElementsAre(HasSubstr("rpc t.S.Do is gone")));
  EXPECT_THAT(BreaksOf([](auto& file) { file.mutable_service(0)->mutable_method(0)->set_server_streaming(true); }),
              ElementsAre(HasSubstr("and is t.M -> stream t.M")));
}

TEST_F(Changed, IsTheSameAfterItWasWrittenDown) {
  const Wire wire = With([](pb::FileDescriptorProto&) {});
  EXPECT_EQ(WireFromText(WireToText(wire)), wire);
}

}  // namespace
}  // namespace snowfield::tests
