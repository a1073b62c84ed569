// PatternFly's base (tokens, fonts, reset) and the sheets of the components whose markup we write ourselves.
// What no page uses is taken out again at the end of the build (`vite/slim-css.ts`).
import '@patternfly/react-core/dist/styles/base.css'
import '@patternfly/react-styles/css/components/Alert/alert.css'
import '@patternfly/react-styles/css/components/Breadcrumb/breadcrumb.css'
import '@patternfly/react-styles/css/components/Button/button.css'
import '@patternfly/react-styles/css/components/EmptyState/empty-state.css'
import '@patternfly/react-styles/css/components/Label/label.css'
import '@patternfly/react-styles/css/components/Skeleton/skeleton.css'
import '@patternfly/react-styles/css/components/Table/table.css'
import '@patternfly/react-styles/css/components/Tabs/tabs.css'
import '@patternfly/react-styles/css/components/TextInputGroup/text-input-group.css'
